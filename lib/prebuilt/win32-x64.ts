// rtworkq with the addon for Windows x64.

import { provideAddon } from '../internal/addon-file';
import { literals } from './addon-x64';

provideAddon('win32-x64', ...literals);

export * from '../index';
