import path from 'node:path';
import { arrows, impurePackages, pure } from './layers.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/** Where a file stands: its folder below the root and, inside web/, its layer (null elsewhere). */
function placeOf(file) {
  const [area, layer] = path.relative(root, file).split(path.sep);
  return area === 'web' ? { area, layer } : { area, layer: null };
}

/** The file that a specifier names, or null for a package. A leading slash is the root, as in Vite. */
function targetOf(specifier, importer) {
  if (specifier.startsWith('/')) return path.join(root, specifier);
  if (specifier.startsWith('.')) return path.resolve(path.dirname(importer), specifier);
  return null;
}

/** Why this import is refused, in a sentence; null when it is fine. */
function refusal(specifier, importer) {
  const { layer } = placeOf(importer);
  const target = targetOf(specifier, importer);
  if (target === null) {
    return pure.includes(layer) && impurePackages.test(specifier)
      ? `web/${layer} is pure, so it may not import "${specifier}". Declare a port and wire it in web/app.`
      : null;
  }
  const goal = placeOf(target);
  if (goal.area === 'scripts' || goal.area === 'tests') {
    return `web/ may not import from ${goal.area}/. Move what is shared into a layer of web/.`;
  }
  if (goal.area !== 'web' || goal.layer === layer) return null;
  if (arrows[layer]?.includes(goal.layer)) return null;
  const allowed = (arrows[layer] ?? []).map((name) => `web/${name}`).join(', ') || 'no other layer';
  return `Arrows point down only: web/${layer} may not import web/${goal.layer}. It may import ${allowed}.`;
}

function isImportMetaUrl(node) {
  return (
    node?.type === 'MemberExpression' && node.object.type === 'MetaProperty' && node.property.name === 'url'
  );
}

/**
 * Holds the arrows between the layers of web/ for every way one file can name another: static, type and
 * dynamic imports, re-exports, and the `new URL('./x.ts', import.meta.url)` that starts a worker.
 * @type {import('eslint').Rule.RuleModule}
 */
export const arrowsRule = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const { layer } = placeOf(context.filename);
    if (layer === null || !Object.hasOwn(arrows, layer)) return {};

    function check(literal) {
      if (typeof literal?.value !== 'string') return;
      const message = refusal(literal.value, context.filename);
      if (message !== null) context.report({ node: literal, message });
    }

    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
      NewExpression(node) {
        if (node.callee.name === 'URL' && isImportMetaUrl(node.arguments[1])) check(node.arguments[0]);
      },
    };
  },
};
