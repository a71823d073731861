import path from 'node:path';

const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
const pascal = /^([A-Z][a-z0-9]*)+\.svelte$/;
const vague = /(^|-)(utils?|helpers?|managers?)(-|\.|$)/i;

/**
 * Components are PascalCase.svelte, everything else is kebab-case, and no name says nothing.
 * @type {import('eslint').Rule.RuleModule}
 */
export const fileNamesRule = {
  meta: { type: 'suggestion', schema: [] },
  create(context) {
    return {
      Program(node) {
        const name = path.basename(context.filename);
        const component = name.endsWith('.svelte');
        if (component ? !pascal.test(name) : !kebab.test(name)) {
          const wanted = component ? 'PascalCase.svelte' : 'kebab-case';
          context.report({ node, message: `The file name "${name}" should be ${wanted}.` });
        }
        if (vague.test(name)) {
          const message = `"${name}" says nothing: name the file after the one concept in it.`;
          context.report({ node, message });
        }
      },
    };
  },
};
