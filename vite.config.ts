import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const page = 'dist/page'

const dependency = /node_modules\/(react|react-dom|scheduler|@tanstack|zod|comlink)\//
/** What only pages of jobs need of a dependency that every page needs. */
const dependencyForLater = /nfiniteQuery|utationObserver|useMutation/
const ours = /\/(src|protocol|wasm)\//
const oursForLater =
  /\/src\/(charts|pictures|jobs|posting)\/|\/components\/(post\/|FigureTable|Facts|DigestText)|\/(protocol|queries)\/(posting|job-views|program|task-input)\b/

const isVendor = (id: string) => dependency.test(id) && !dependencyForLater.test(id)
const isShared = (id: string) => ours.test(id) && !oursForLater.test(id)

/** A zipped copy beside each file of the page: a server that zips the compiler for each who asks is busy for a second. */
const zipAssets: Plugin = {
  name: 'zip-assets',
  apply: 'build',
  closeBundle() {
    for (const file of globSync(`${page}/assets/*.{js,css}`)) writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)))
  },
}

export default defineConfig({
  publicDir: 'src/public',
  plugins: [react(), tailwindcss(), zipAssets],
  server: { proxy: { '/api': 'http://127.0.0.1:8787', '/sandbox': 'http://127.0.0.1:8787' } },
  worker: { format: 'es' },
  build: {
    outDir: page,
    // Read by .size-limit.ts, which adds up what the first load fetches.
    manifest: true,
    // The policy that the server sends allows data: for images only, so that fonts and scripts stay files.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Changes with a dependency, not with the page: browsers keep it across deployments.
            { name: 'vendor', test: isVendor },
            // What three routes and more share, in one file instead of twenty; but nothing that the first does not need.
            { name: 'page', test: isShared, minShareCount: 3 },
          ],
        },
      },
    },
  },
})
