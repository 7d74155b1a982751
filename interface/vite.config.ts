import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// One classic script and one style sheet, which the report inlines: no module loading, no chunks, no assets.
export default defineConfig({
  plugins: [svelte()],
  resolve: {
    alias: { $theme: at("../src/backchannel/interface/theme.css") },
    conditions: process.env.VITEST ? ["browser"] : undefined,
  },
  build: {
    target: "es2022",
    outDir: at("../src/backchannel/interface/bundle"),
    emptyOutDir: true,
    cssCodeSplit: false,
    lib: {
      entry: at("src/main.ts"),
      formats: ["iife"],
      name: "Backchannel",
      fileName: () => "interface.js",
      cssFileName: "interface",
    },
  },
  test: { environment: "jsdom", include: ["src/**/*.test.ts"] },
});
