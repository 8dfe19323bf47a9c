// Promise.withResolvers, which programs may have replaced, and Node 20 lacks, where tests may run with simulations.

export function withResolvers<Result>(): PromiseWithResolvers<Result> {
  let resolve: PromiseWithResolvers<Result>['resolve'] = () => {};
  let reject: PromiseWithResolvers<Result>['reject'] = () => {};
  const promise = new Promise<Result>((toResult, toError) => {
    resolve = toResult;
    reject = toError;
  });
  return { promise, resolve, reject };
}
