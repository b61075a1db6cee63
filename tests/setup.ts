// Before every file of tests: files share their modules, so what one of them has told fast-check is taken back.
import fc from 'fast-check';

fc.resetConfigureGlobal();
