import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { chunks } from './chunks.vite.ts';
import { start } from './start.vite.ts';

export default defineConfig({
  base: './', // the server says under which path (internal/server/ui.go)
  plugins: [react(), start()],
  build: {
    target: 'es2022',
    emptyOutDir: true,
    chunkSizeWarningLimit: 900,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: { codeSplitting: chunks },
      // Ant Design's parts do nothing by being imported, and do not say so: forms come with every input otherwise.
      treeshake: { moduleSideEffects: [{ test: /node_modules\/@rc-component\//, sideEffects: false }] },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8420' } },
  test: {
    environment: 'happy-dom',
    testTimeout: 20000,
    maxWorkers: '100%', // one fewer than there are processors otherwise
    // Those that show parts of pages share the modules these are made of, which take longer to load than most tests.
    projects: [
      { extends: true, test: { name: 'shown', include: ['src/**/*.test.tsx'], isolate: false } },
      { extends: true, test: { name: 'alone', include: ['src/**/*.test.ts'] } },
    ],
  },
});
