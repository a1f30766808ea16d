// Activation functions composed of the elementary ones.

/// log(sigmoid(x)), finite for every finite x.
public func logSigmoid(_ x: Tensor) -> Tensor { -softplus(-x) }

/// x where positive, else `slope` times x; the derivative at 0 is `slope`
/// (Maas et al., "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013).
public func leakyRelu(_ x: Tensor, slope: Double = 0.01) -> Tensor {
    // A factor, so that the derivative of NaN is NaN too.
    let signs = stopGradient(x)
    func factor(_ number: Double) -> Tensor { x.number(number, in: "leakyRelu") }
    return x * select(signs .> 0, factor(1), select(signs .<= 0, factor(slope), factor(.nan)))
}

/// x where positive, else `alpha` (eˣ − 1) (Clevert et al., arXiv:1511.07289).
public func elu(_ x: Tensor, alpha: Double = 1) -> Tensor {
    let isPositive = stopGradient(x) .> 0
    // The branch not taken is given 0, so that its overflow affects neither value nor derivative.
    return select(isPositive, x, alpha * expm1(select(isPositive, Tensor.zeros(like: x), x)))
}

/// The scaled exponential linear unit of self-normalising networks (Klambauer et al.,
/// arXiv:1706.02515).
public func selu(_ x: Tensor) -> Tensor {
    1.0507009873554805 * elu(x, alpha: 1.6732632423543772)
}

/// x Φ(x) with the standard normal distribution function Φ, exactly (Hendrycks and Gimpel,
/// arXiv:1606.08415).
public func gelu(_ x: Tensor) -> Tensor {
    0.5 * x * (1 + erf(x * 0.5.squareRoot()))
}

/// x sigmoid(x), also called swish (Ramachandran et al., arXiv:1710.05941).
public func silu(_ x: Tensor) -> Tensor { x * sigmoid(x) }
