// rtworkq with the addon of Windows arm64.

import { provideAddon } from '../internal/addon-file';
import { literals } from './addon-arm64';

provideAddon('win32-arm64', ...literals);

export * from '../index';
