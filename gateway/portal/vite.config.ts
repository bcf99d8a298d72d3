import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const dist = join(import.meta.dirname, 'dist');

// The gateway serves each file as it is, or as small as the browser takes it. The folder's own .gitignore
// stays.
const compress: Plugin = {
  name: 'compress',
  apply: 'build',
  buildStart() {
    for (const name of readdirSync(dist)) {
      if (name !== '.gitignore') rmSync(join(dist, name), { recursive: true });
    }
  },
  closeBundle() {
    for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.name === '.gitignore') continue;
      const path = join(entry.parentPath, entry.name);
      const content = readFileSync(path);
      writeFileSync(`${path}.br`, brotliCompressSync(content));
      writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    }
  },
};

// `npm run dev` serves the sources and asks the gateway of `make run` for the rest.
const gateway = { target: `http://${process.env.LISTEN ?? '127.0.0.1:8080'}` };

export default defineConfig({
  plugins: [compress],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2023',
    emptyOutDir: false,
    // Nothing inline: the content security policy would refuse it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { entryFileNames: 'assets/[name]-[hash].js' } },
  },
  server: { proxy: { '/graphql': gateway, '/portal.json': gateway } },
});
