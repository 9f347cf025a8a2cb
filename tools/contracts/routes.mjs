import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** @typedef {{ in: 'header' | 'query', name: string, required: boolean }} Input */
/** @typedef {{ operation: string, place: string, docstring: string | null, inputs: Input[] }} Route `operation`: `Holds.place` is HoldsController's method place */

const verbs = new Set(['Get', 'Post', 'Put', 'Patch', 'Delete', 'All', 'Head', 'Options']);
/** @type {Record<string, Input['in']>} */
const inputs = { Headers: 'header', Query: 'query' };

/** The routes that the controllers of these folders state in their source, with the docstring of each: what decorators cannot tell.
 * @param {string} root @param {readonly string[]} folders below root @returns {Route[]} */
export function routesIn(root, folders) {
  return folders.flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.controller.ts')).sort().flatMap((name) => routesOf(join(root, folder, name), root)));
}

/** @param {string} file @param {string} root */
function routesOf(file, root) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  /** @type {Route[]} */
  const routes = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isMethodDeclaration(node) && ts.isClassDeclaration(node.parent) && decoratorsOf(node).some(({ name }) => verbs.has(name))) {
      const { line } = source.getLineAndCharacterOfPosition(node.name.getStart());
      routes.push({
        operation: `${node.parent.name?.text.replace(/Controller$/, '')}.${node.name.getText()}`,
        place: `${relative(root, file)}:${line + 1}`,
        docstring: docstringOf(node),
        inputs: node.parameters.flatMap(inputOf),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return routes;
}

/** @param {ts.MethodDeclaration} method @returns {string | null} */
function docstringOf(method) {
  const docs = ts.getJSDocCommentsAndTags(method).filter(ts.isJSDoc);
  const text = ts.getTextOfJSDocComment(docs.at(-1)?.comment)?.replace(/\s+/g, ' ').trim();
  return text ? text : null;
}

/** A header or a field of the query that is taken by name, without a schema. @param {ts.ParameterDeclaration} parameter @returns {Input[]} */
function inputOf(parameter) {
  return decoratorsOf(parameter).flatMap(({ name, first }) => {
    const place = inputs[name];
    return place && first !== undefined ? [{ in: place, name: first, required: parameter.type?.kind === ts.SyntaxKind.StringKeyword }] : [];
  });
}

/** @param {ts.HasDecorators} node */
function decoratorsOf(node) {
  return (ts.getDecorators(node) ?? []).flatMap(({ expression }) => {
    if (!ts.isCallExpression(expression)) return [];
    const [first] = expression.arguments;
    return [{ name: expression.expression.getText(), first: first && ts.isStringLiteralLike(first) ? first.text : undefined }];
  });
}
