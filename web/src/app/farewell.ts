// Why the sign-in page is shown to who did not ask for it. It outlives the page that is left, and is said once.
const key = 'yunchou.farewell';

export type Farewell = 'ended' | 'passwordChanged';

export const leaveWord = (why: Farewell) => sessionStorage.setItem(key, why);
export const wordLeft = () => sessionStorage.getItem(key) as Farewell | null;
export const forgetWord = () => sessionStorage.removeItem(key);
