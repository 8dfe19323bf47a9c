// rtworkq with the addon for Windows arm64.

import { provideAddon } from '../internal/addon-file';
import { literals } from './addon-arm64';

provideAddon('win32-arm64', ...literals);

export * from '../index';
