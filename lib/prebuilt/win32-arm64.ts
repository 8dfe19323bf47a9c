// rtworkq with the addon of Windows arm64, named so that a bundler can follow it.

import { provideAddon } from '../internal/binding';

provideAddon(() => require('../../prebuilds/win32-arm64/node.napi.armv8.node'));

export * from '../index';
