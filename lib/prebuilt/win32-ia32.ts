// rtworkq with the addon of Windows ia32, named so that a bundler can follow it.

import { provideAddon } from '../internal/binding';

provideAddon(() => require('../../prebuilds/win32-ia32/node.napi.node'));

export * from '../index';
