// rtworkq with the addon for Windows ia32.

import { provideAddon } from '../internal/addon-file';
import { literals } from './addon-ia32';

provideAddon('win32-ia32', ...literals);

export * from '../index';
