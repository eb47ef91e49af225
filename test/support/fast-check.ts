// fast-check with one seed for all properties, so that the same tree gives the same result on every machine. SEED
// sets another seed; the nightly script chooses a random one and prints it.
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.SEED ?? 20_261_130) });

export default fc;
