import Foundation

// The logarithm of the gamma function, and its derivatives.

/// log |Γ(x)|, elementwise: +∞ at 0 and the negative integers.
public func logGamma(_ x: Tensor) -> Tensor {
    differentiable("logGamma", x) { x in
        mapInDouble("logGamma", x, logarithmOfGamma)
    } pullback: { x, _ in
        .elementwise { cotangent in cotangent * digamma(x) }
    }
}

/// ψ(x), the derivative of log Γ(x), elementwise: NaN at 0 and the negative integers.
public func digamma(_ x: Tensor) -> Tensor { polygamma(0, x) }

/// ψ⁽ⁿ⁾(x), the derivative of order n of the digamma function, elementwise: NaN at 0 and the
/// negative integers. Order 0 is the digamma function itself. Traps if the order is not in 0...150:
/// the factorial of greater ones is no number.
public func polygamma(_ order: Int, _ x: Tensor) -> Tensor {
    guard 0...150 ~= order else { trap("polygamma", "order \(order) is not in 0...150") }
    return differentiable("polygamma", x) { x in
        mapInDouble("polygamma", x) { x in
            order == 0 ? digammaValue(x) : polygammaValue(order, x)
        }
    } pullback: { x, _ in
        .elementwise { cotangent in cotangent * polygamma(order + 1, x) }
    }
}

/// log B(a, b) = log Γ(a) + log Γ(b) − log Γ(a + b), elementwise, for positive a and b, which
/// broadcast. Where one is far greater than the other, digits of it are lost.
public func logBeta(_ a: Tensor, _ b: Tensor) -> Tensor {
    // In double precision: it is a small difference of large numbers.
    let (wideA, wideB) = (a.cast(to: .float64), b.cast(to: .float64))
    return (logGamma(wideA) + logGamma(wideB) - logGamma(wideA + wideB)).cast(to: a.dataType)
}

/// log |Γ(x)|. Unlike `lgamma` it writes no global variable.
package func logarithmOfGamma(_ x: Double) -> Double {
    var sign: Int32 = 0
    return lgamma_r(x, &sign)
}
