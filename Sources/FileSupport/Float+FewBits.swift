extension Float {
    /// The number that a few bits stand for, as stored in files: a sign, an exponent and a
    /// significand.
    ///
    /// - Parameter ieee: whether the greatest exponent stands for infinity and NaN; otherwise only
    ///   the greatest significand with it is NaN (Micikevicius et al., "FP8 Formats for Deep
    ///   Learning", arXiv:2209.05433).
    package init(
        bits: UInt32, exponent exponentBits: Int, significand significandBits: Int,
        ieee: Bool = true
    ) {
        let exponent = Int(bits >> significandBits) & (1 << exponentBits - 1)
        let significand = Int(bits) & (1 << significandBits - 1)
        let sign: FloatingPointSign =
            bits >> (exponentBits + significandBits) & 1 == 1 ? .minus : .plus
        let isGreatest = exponent == 1 << exponentBits - 1
        if isGreatest, ieee {
            self = significand > 0 ? .nan : sign == .plus ? .infinity : -.infinity
        } else if isGreatest, significand == 1 << significandBits - 1 {
            self = .nan
        } else {
            let leading = exponent > 0 ? 1 << significandBits : 0
            let bias = 1 << (exponentBits - 1) - 1
            self.init(
                sign: sign, exponent: Swift.max(exponent, 1) - bias - significandBits,
                significand: Float(leading + significand))
        }
    }
}
