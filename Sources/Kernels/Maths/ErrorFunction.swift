extension Vector {
    /// The error function: x + x P(x²) up to 1, and beyond it 1 − exp(log(1 − erf(x))), where the
    /// logarithm is close to a parabola and has a polynomial approximation, too.
    @inline(__always)
    func errorFunction() -> Self {
        let one = Self(repeating: 1)
        let x = magnitude.clamped(0, Element.errorLimit)
        let near = x.adding(product: x, Element.errorPolynomial(x * x))
        let far = one - Element.errorTailPolynomial(x - one).exponential()
        return near.replacing(with: far, where: one .< x).withSigns(of: self)
    }
}
