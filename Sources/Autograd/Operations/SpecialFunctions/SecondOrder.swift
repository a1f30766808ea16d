import Foundation

/// A number that depends on one parameter, with its first and second derivative with respect to it.
/// What is computed with it, a series or a continued fraction, is differentiated on the way.
struct SecondOrder {
    var value: Double
    var first = 0.0
    var second = 0.0

    static func + (a: SecondOrder, b: SecondOrder) -> SecondOrder {
        SecondOrder(value: a.value + b.value, first: a.first + b.first, second: a.second + b.second)
    }

    static func - (a: SecondOrder, b: SecondOrder) -> SecondOrder {
        SecondOrder(value: a.value - b.value, first: a.first - b.first, second: a.second - b.second)
    }

    static func * (a: SecondOrder, b: SecondOrder) -> SecondOrder {
        SecondOrder(
            value: a.value * b.value, first: a.first * b.value + a.value * b.first,
            second: a.second * b.value + 2 * a.first * b.first + a.value * b.second)
    }

    static func * (a: Double, b: SecondOrder) -> SecondOrder {
        SecondOrder(value: a * b.value, first: a * b.first, second: a * b.second)
    }

    /// 1 / x.
    var reciprocal: SecondOrder {
        let inverse = 1 / value
        return applying(inverse, -inverse * inverse, 2 * inverse * inverse * inverse)
    }

    /// f(x) for a function of which the value, first and second derivative at this value are given.
    func applying(_ f: Double, _ slope: Double, _ curvature: Double) -> SecondOrder {
        SecondOrder(
            value: f, first: slope * first, second: curvature * first * first + slope * second)
    }

    /// Whether adding this to a sum changes nothing of it any more.
    func vanishes(beside sum: SecondOrder) -> Bool {
        abs(value) <= 0x1p-54 * abs(sum.value) && abs(first) <= 0x1p-54 * abs(sum.first)
            && abs(second) <= 0x1p-54 * abs(sum.second)
    }
}
