// rtworkq with the addon of Windows x64, named so that a bundler can follow it.

import { provideAddon } from '../internal/binding';

provideAddon(() => require('../../prebuilds/win32-x64/node.napi.node'));

export * from '../index';
