import Autograd
import Foundation
import TestSupport

/// Special functions, beside other formulas for them than the library's.
let specialFunctionCases: [OperationCase] = [
    .unary("logGamma(Tensor)", .positive, { logGamma($0) }, { Foundation.log(tgamma($0)) }),
    .unary("digamma(Tensor)", .positive, { digamma($0) }, { naiveDigamma($0) }),
    .unary("polygamma(Int, Tensor)", .positive, { polygamma(1, $0) }, { naiveTrigamma($0) }),
    .binary(
        "logBeta(Tensor, Tensor)", .positive, .positive, { logBeta($0, $1) },
        { Foundation.log(tgamma($0) * tgamma($1) / tgamma($0 + $1)) }),
    .unary(
        "logBesselI(Tensor, order:)", .positive, { logBesselI($0, order: 1.5) },
        { Foundation.log((2 / (Double.pi * $0)).squareRoot() * (cosh($0) - sinh($0) / $0)) }),
    .unary(
        "logBesselI(Tensor, order:)", Domain(range: 0...3), { logBesselI($0, order: 0) },
        { Foundation.log(naiveBesselI0($0)) }),
    .binary(
        "atan2(Tensor, Tensor)", .any, .positive, { atan2($0, $1) },
        { Foundation.atan2($0, $1) }),
    .unary(
        "inverseErrorFunction(Tensor)", Domain(range: -0.9...0.9), { inverseErrorFunction($0) },
        { x in bisection(-3...3) { Foundation.erf($0) - x } }),
    .unary(
        "normalQuantile(Tensor)", Domain(range: 0.1...0.9), { normalQuantile($0) },
        { p in bisection(-3...3) { 0.5 * erfc(-$0 / 2.0.squareRoot()) - p } }),
    .binary(
        "regularizedGamma(Tensor, Tensor)", .positive, .positive, { regularizedGamma($0, $1) },
        { naiveRegularizedGamma($0, $1) }
    ).withFewElements,
    .binary(
        "gammaQuantile(shape:, probability:)", .positive, Domain(range: 0.2...0.8),
        { gammaQuantile(shape: $0, probability: $1) },
        { a, p in bisection(0...20) { naiveRegularizedGamma(a, $0) - p } }
    ).withFewElements,
    .unary(
        "regularizedBeta(Tensor, Tensor, Tensor)", Domain(range: 0.1...0.9),
        { regularizedBeta($0.like(1.3), $0.like(2.2), $0) },
        { naiveRegularizedBeta(1.3, 2.2, $0) }
    ).withFewElements,
    .unary(
        "betaQuantile(Tensor, Tensor, probability:)", Domain(range: 0.1...0.8),
        { betaQuantile($0.like(1.3), $0.like(2.2), probability: $0) },
        { p in bisection(0...0.95) { naiveRegularizedBeta(1.3, 2.2, $0) - p } }
    ).withFewElements,
]

extension Tensor {
    fileprivate func like(_ number: Double) -> Tensor { Tensor(number, dataType: dataType) }
}

extension OperationCase {
    /// Unoptimised they take long.
    fileprivate var withFewElements: OperationCase {
        var copy = self
        copy.largeShapes = domains.count == 1 ? [[2, 301]] : [[2, 301], [301]]
        return copy
    }
}

/// By recurrence to a very great argument.
private func naiveDigamma(_ x: Double) -> Double {
    let great = x + 1000
    let sum = (0..<1000).reduce(0.0) { $0 + 1 / (x + Double(999 - $1)) }
    return Foundation.log(great) - 1 / (2 * great) - 1 / (12 * great * great) - sum
}

private func naiveTrigamma(_ x: Double) -> Double {
    let great = x + 1000
    let sum = (0..<1000).reduce(0.0) { sum, index in
        let place = x + Double(999 - index)
        return sum + 1 / (place * place)
    }
    return 1 / great + 1 / (2 * great * great) + 1 / (6 * great * great * great) + sum
}

/// The mean of e^(x cos θ): the trapezoidal rule is exact there.
private func naiveBesselI0(_ x: Double) -> Double {
    (0..<64).reduce(0.0) { $0 + Foundation.exp(x * Foundation.cos(Double.pi * Double($1) / 32)) }
        / 64
}

/// The alternating power series (DLMF 8.7.1, the first form).
private func naiveRegularizedGamma(_ a: Double, _ x: Double) -> Double {
    var (sum, power) = (0.0, 1.0)
    for n in 0..<200 {
        sum += power / (a + Double(n))
        power *= -x / Double(n + 1)
    }
    return Foundation.pow(x, a) * sum / tgamma(a)
}

private func naiveRegularizedBeta(_ a: Double, _ b: Double, _ x: Double) -> Double {
    var (sum, power) = (0.0, 1.0)
    for n in 0..<1000 {
        sum += power / (a + Double(n))
        power *= x * (Double(n + 1) - b) / Double(n + 1)
    }
    return Foundation.pow(x, a) * sum * tgamma(a + b) / (tgamma(a) * tgamma(b))
}

/// The root of an increasing function.
private func bisection(_ range: ClosedRange<Double>, _ function: (Double) -> Double) -> Double {
    var (low, high) = (range.lowerBound, range.upperBound)
    for _ in 0..<100 {
        let middle = (low + high) / 2
        if function(middle) > 0 { high = middle } else { low = middle }
    }
    return low
}
