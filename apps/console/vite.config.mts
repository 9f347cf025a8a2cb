import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Served by the gateway below /console. `npx vite apps/console` develops against a running stack. */
const config = defineConfig({
  base: '/console/',
  plugins: [react()],
  build: { target: 'es2023', sourcemap: true, assetsInlineLimit: 0 },
  server: { port: 8079, proxy: { '^/(api|auth|health|docs|sandbox)': 'http://localhost:8080' } },
});

export { config as default };
