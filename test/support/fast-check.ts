// fast-check with one seed for every property, so that the same tree gives the same result on every machine. SEED sets another
// one; the nightly script draws its own, and prints it.
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.SEED ?? 20_261_130) });

export default fc;
