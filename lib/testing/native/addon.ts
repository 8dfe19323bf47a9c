// The simulated addon: what src/addon.cc exports.

import type { NativeAddon, NativeEnvironment } from '../../internal/native';
import { FUNCTIONS } from '../windows/functions';
import { CLASSES } from '../windows/mmcss';
import { Channel } from '../windows/operations';
import { workOf } from '../windows/work';
import { Context, type World } from '../windows/world';
import { handleFunctions } from './handles';
import { systemMessage } from './messages';
import { mmcssFunctions } from './mmcss';
import { mutexFunctions } from './mutexes';
import { platformFunctions } from './platform';
import { queueFunctions } from './queues';
import { workItemFunctions } from './schedule';
import { settingFunctions } from './settings';
import { waitFunctions } from './waits';

/** `onOpen` gets the context of the environment, once it is opened. */
export function makeAddon(world: World, onOpen: (context: Context) => void): NativeAddon {
  return {
    functions: FUNCTIONS,
    open(hooks): NativeEnvironment {
      const context = new Context(world, new Channel(world.machine, hooks));
      onOpen(context);
      return {
        ...platformFunctions(context),
        ...workItemFunctions(context),
        ...queueFunctions(context),
        ...waitFunctions(context),
        ...handleFunctions(context),
        ...mutexFunctions(context),
        ...mmcssFunctions(context),
        ...settingFunctions(context),
      };
    },
    describe: () => ({
      usable: true,
      loadError: 0,
      missingFunction: null,
      wineVersion: null,
      path: 'simulation',
      version: '0.0.0.0',
    }),
    systemMessage,
    isNativeWork: (value) => workOf(value) !== undefined,
    isLibuvHandle: () => false,
    listMmcssClasses: () => [...CLASSES],
  };
}
