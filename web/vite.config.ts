import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { docs } from "./docs/plugin.ts";

/** Where `npm run dev` finds a running maitred. */
const server = process.env["MAITRED_ORIGIN"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [svelte(), docs()],
  build: {
    target: "es2022",
    // The page runs under a policy without inline anything: every asset is a file of its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      "/v1": { target: server, ws: true, changeOrigin: true },
      "/docs/openapi.json": server,
      "/docs/asyncapi.json": server,
    },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
