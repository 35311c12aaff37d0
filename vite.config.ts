import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const dependency = /node_modules\/(react|react-dom|scheduler|@tanstack|zod|comlink)\//
/** What only pages of jobs need of a dependency that every page needs. */
const dependencyForLater = /nfiniteQuery|utationObserver|useMutation/
const ours = /\/(src|protocol|wasm)\//
const oursForLater =
  /\/src\/(charts|pictures|jobs|posting)\/|\/components\/(post\/|FigureTable|Facts|DigestText)|\/(protocol|queries)\/(posting|job-views|program|task-input)\b/

const isVendor = (id: string) => dependency.test(id) && !dependencyForLater.test(id)
const isShared = (id: string) => ours.test(id) && !oursForLater.test(id)

export default defineConfig({
  publicDir: 'src/public',
  plugins: [react(), tailwindcss()],
  server: { proxy: { '/api': 'http://127.0.0.1:8787', '/sandbox': 'http://127.0.0.1:8787' } },
  worker: { format: 'es' },
  build: {
    outDir: 'dist/page',
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
