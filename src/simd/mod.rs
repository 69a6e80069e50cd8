//! Kernels: the only `unsafe` of the library. Scalar is the specification.

use std::fmt;

/// Which instruction set classifies bytes. A value is the proof that this CPU has it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Kernel(Isa);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Isa {
    Scalar,
    Avx2,
    Avx512,
}

impl Kernel {
    /// The portable kernel, the specification of the others.
    pub const SCALAR: Kernel = Kernel(Isa::Scalar);

    /// The kernels that this CPU can run, slowest first.
    pub fn available() -> Vec<Kernel> {
        vec![Kernel::SCALAR]
    }
    /// The fastest kernel of this CPU.
    pub fn best() -> Kernel {
        Kernel::SCALAR
    }
    /// The kernel of that name if this CPU has it: `scalar`, `avx2`, `avx512`.
    pub fn from_name(name: &str) -> Option<Kernel> {
        Self::available().into_iter().find(|k| k.name() == name)
    }
    /// The kernel's name.
    pub fn name(self) -> &'static str {
        match self.0 {
            Isa::Scalar => "scalar",
            Isa::Avx2 => "avx2",
            Isa::Avx512 => "avx512",
        }
    }
}

impl fmt::Debug for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
