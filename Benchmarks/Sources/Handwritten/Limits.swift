/// Loops that reach what the machine can do, and losses written as one loop by hand, in the
/// vectors of the instruction set that this module is compiled for.
public enum Handwritten {}

extension Handwritten {
    /// Multiplies and adds in registers, in more chains side by side than an instruction takes
    /// cycles. Returns the number of operations.
    @inline(never)
    public static func multiplyAndAdd(rounds: Int) -> Double {
        let factor = FloatVector(repeating: 0.999_999)
        let term = FloatVector(repeating: 1e-6)
        // One by one: an array would not be kept in registers.
        var a = FloatVector(repeating: 1)
        var b = a
        var c = a
        var d = a
        var e = a
        var f = a
        var g = a
        var h = a
        var i = a
        var j = a
        var k = a
        var l = a
        for _ in 0..<rounds {
            a = term.adding(product: a, factor)
            b = term.adding(product: b, factor)
            c = term.adding(product: c, factor)
            d = term.adding(product: d, factor)
            e = term.adding(product: e, factor)
            f = term.adding(product: f, factor)
            g = term.adding(product: g, factor)
            h = term.adding(product: h, factor)
            i = term.adding(product: i, factor)
            j = term.adding(product: j, factor)
            k = term.adding(product: k, factor)
            l = term.adding(product: l, factor)
        }
        let sum = (a + b + c + d + e + f + g + h + i + j + k + l).reduced(+)
        // The sum is used, so that the loop is not left out.
        return sum.isNaN ? .nan : Double(2 * 12 * FloatVector.lanes * rounds)
    }

    /// y = x + 1.5 z.
    @inline(never)
    public static func triad(
        _ y: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ z: UnsafePointer<Float>,
        count: Int
    ) {
        let factor = FloatVector(repeating: 1.5)
        for index in stride(from: 0, to: count, by: FloatVector.lanes) {
            FloatVector(at: x + index).adding(product: factor, FloatVector(at: z + index))
                .store(at: y + index)
        }
    }
}
