import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// One classic script and one style sheet, which the report inlines: no module loading, no chunks, no assets.
// The editor of the case text is a second script, which only the workbench gives: `vite build --mode editor`.
const script = (mode: string) =>
  mode === "editor" ? { entry: "src/editor/editor.ts", name: "BackchannelEditor", file: "editor.js" } : { entry: "src/main.ts", name: "Backchannel", file: "interface.js" };

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  resolve: {
    alias: { $theme: at("../src/backchannel/interface/theme.css") },
    conditions: process.env.VITEST ? ["browser"] : undefined,
  },
  build: {
    // The oldest browsers that docs/interface.md promises; without them Vite would write `light-dark()` out for older ones.
    target: ["chrome123", "edge123", "firefox120", "safari17.5"],
    outDir: at("../src/backchannel/interface/bundle"),
    emptyOutDir: mode !== "editor",
    cssCodeSplit: false,
    lib: {
      entry: at(script(mode).entry),
      formats: ["iife"],
      name: script(mode).name,
      fileName: () => script(mode).file,
      cssFileName: "interface",
    },
  },
  test: { environment: "jsdom", include: ["src/**/*.test.ts"] },
}));
