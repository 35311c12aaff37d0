import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const isOurs = /\/(src|protocol|wasm)\//
const isForLater =
  /\/src\/(charts|pictures|posting)\/|\/FigureTable|\/(protocol|queries)\/(posting|job-views|program)\b/
const isShared = (id: string) => isOurs.test(id) && !isForLater.test(id)

export default defineConfig({
  publicDir: 'src/public',
  plugins: [react(), tailwindcss()],
  server: { proxy: { '/api': 'http://127.0.0.1:8787' } },
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
            { name: 'vendor', test: /node_modules\/(react|react-dom|scheduler|@tanstack|zod|comlink)\// },
            // What three routes and more share, in one file instead of twenty; but nothing that the first does not need.
            { name: 'page', test: isShared, minShareCount: 3 },
          ],
        },
      },
    },
  },
})
