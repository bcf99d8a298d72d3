//! Random numbers that depend on the seed and the number of the user alone (`SplitMix64`).

pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn of(seed: u64, number: u64) -> Dice {
        let mut dice = Dice(seed);
        let salt = dice.next();
        Dice(salt ^ number.wrapping_mul(0xD1B5_4A32_D192_ED03))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to `below`, which is not among them.
    pub(crate) fn below(&mut self, below: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(below)) >> 64) as u64
    }

    pub(crate) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    pub(crate) fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len() as u64) as usize]
    }

    /// A random UUID (version 4).
    pub(crate) fn uuid(&mut self) -> [u8; 16] {
        let mut id = (u128::from(self.next()) << 64 | u128::from(self.next())).to_be_bytes();
        id[6] = id[6] & 0x0F | 0x40;
        id[8] = id[8] & 0x3F | 0x80;
        id
    }

    /// A UUID that begins with its time (version 7).
    pub(crate) fn uuid_of(&mut self, unix_milliseconds: i64) -> [u8; 16] {
        let mut id = self.uuid();
        id[..6].copy_from_slice(&unix_milliseconds.to_be_bytes()[2..]);
        id[6] = id[6] & 0x0F | 0x70;
        id
    }
}
