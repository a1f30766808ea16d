/// One pass over memory of a Fourier transform whose results come out in order (Stockham's; see Van
/// Loan, "Computational Frameworks for the Fast Fourier Transform", 1992, section 1.7).
public struct FourierPass {
    /// How many numbers are transformed together: 2, 4, 8 or odd, or in a first pass as many as a
    /// vector has lanes.
    public var factor: Int
    /// The product of the factors of the passes that follow.
    public var parts: Int
    /// The product of the factors of the passes before and of the number of transforms side by side.
    public var run: Int
    /// Of each part, the real and then the imaginary parts of exp(−2πi part k / (parts · factor)) for
    /// each k below the factor; in a first pass, of each k for each part. After them, if the factor is
    /// odd, those of exp(−2πi k / factor).
    public var turns: UnsafeRawPointer

    public init(factor: Int, parts: Int, run: Int, turns: UnsafeRawPointer) {
        (self.factor, self.parts, self.run, self.turns) = (factor, parts, run, turns)
    }
}

/// The real and the imaginary parts of complex numbers in memory.
public struct ComplexMemory {
    public var real: UnsafeMutableRawPointer
    public var imaginary: UnsafeMutableRawPointer

    public init(real: UnsafeMutableRawPointer, imaginary: UnsafeMutableRawPointer) {
        (self.real, self.imaginary) = (real, imaginary)
    }
}
