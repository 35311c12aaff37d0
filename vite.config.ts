import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

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
            // Changes with a dependency, not with the page: browsers keep it across deployments. Without what pages of jobs
            // alone need of it.
            {
              name: 'vendor',
              test: /node_modules\/(react|react-dom|scheduler|@tanstack|zod|comlink)\/(?!.*(nfiniteQuery|utationObserver|useMutation))/,
            },
            // What three routes and more share, in one file instead of twenty; without charts and what only pages of
            // jobs need, which are in no first load.
            {
              name: 'page',
              test: /\/(src\/(?!charts|jobs|posting|queries\/posting|components\/(FigureTable|Facts|DigestText)|pictures)|protocol\/(?!program|posting|job-views|task-input)|wasm)/,
              minShareCount: 3,
            },
          ],
        },
      },
    },
  },
})
