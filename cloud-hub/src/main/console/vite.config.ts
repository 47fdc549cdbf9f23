import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

// No inlined assets and no injected helper: the hub serves the console under `script-src 'self'`.
export default defineConfig({
  plugins: [vue()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
  server: {
    proxy: { '/api': process.env['HUB'] ?? 'http://127.0.0.1:8080' },
  },
});
