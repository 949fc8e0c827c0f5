export { Between } from './Between';
export { MineDialog, MyBackground } from './MyBackground';
export { Sheet } from './Sheet';
export { Ties } from './Ties';
