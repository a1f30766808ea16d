import Foundation
import KernelInterface

@inline(__always) func un<T: BinaryFloatingPoint>(
    _: T.Type, _ f: UnaryFunction, _ a: UnsafeRawPointer, _ o: UnsafeMutableRawPointer, _ n: Int
) {
    let x = a.assumingMemoryBound(to: T.self)
    let y = o.assumingMemoryBound(to: T.self)
    for i in 0..<n {
        let v = Double(x[i])
        let r: Double
        switch f {
        case .negate: r = -v
        case .absolute: r = abs(v)
        case .sign: r = v > 0 ? 1 : v < 0 ? -1 : v
        case .reciprocal: r = 1 / v
        case .exp: r = Foundation.exp(v)
        case .expm1: r = Foundation.expm1(v)
        case .log: r = Foundation.log(v)
        case .log1p: r = Foundation.log1p(v)
        case .squareRoot: r = v.squareRoot()
        case .reciprocalSquareRoot: r = 1 / v.squareRoot()
        case .sin: r = Foundation.sin(v)
        case .cos: r = Foundation.cos(v)
        case .tanh: r = Foundation.tanh(v)
        case .sigmoid: r = 1 / (1 + Foundation.exp(-v))
        case .softplus: r = max(v, 0) + Foundation.log1p(Foundation.exp(-abs(v)))
        case .erf: r = Foundation.erf(v)
        case .relu: r = v > 0 ? v : 0
        case .floor: r = Foundation.floor(v)
        case .round: r = v.rounded(.toNearestOrEven)
        }
        y[i] = T(r)
    }
}
@inline(__always) func bi<T: BinaryFloatingPoint>(
    _: T.Type, _ f: BinaryFunction, _ a: UnsafeRawPointer, _ sa: Int, _ b: UnsafeRawPointer,
    _ sb: Int, _ o: UnsafeMutableRawPointer, _ n: Int
) {
    let x = a.assumingMemoryBound(to: T.self)
    let z = b.assumingMemoryBound(to: T.self)
    let y = o.assumingMemoryBound(to: T.self)
    for i in 0..<n {
        let v = x[i * sa]
        let w = z[i * sb]
        switch f {
        case .add: y[i] = v + w
        case .subtract: y[i] = v - w
        case .multiply: y[i] = v * w
        case .divide: y[i] = v / w
        case .power: y[i] = T(Foundation.pow(Double(v), Double(w)))
        case .minimum: y[i] = v < w ? v : w
        case .maximum: y[i] = v > w ? v : w
        }
    }
}
@inline(__always) func red<T: BinaryFloatingPoint>(
    _: T.Type, _ r: Reduction, _ a: UnsafeRawPointer, _ n: Int, _ s: Int, _ w: Int,
    _ o: UnsafeMutableRawPointer
) {
    let x = a.assumingMemoryBound(to: T.self)
    let y = o.assumingMemoryBound(to: T.self)
    for i in 0..<w {
        var acc: T = r == .sum ? 0 : r == .maximum ? -T.infinity : T.infinity
        for j in 0..<n {
            let v = x[j * s + i]
            switch r {
            case .sum: acc += v
            case .maximum: acc = max(acc, v)
            case .minimum: acc = min(acc, v)
            }
        }
        y[i] = acc
    }
}
func ld(_ t: DataType, _ p: UnsafeRawPointer, _ i: Int) -> Double {
    switch t {
    case .float32: Double(p.assumingMemoryBound(to: Float.self)[i])
    case .float64: p.assumingMemoryBound(to: Double.self)[i]
    case .int32: Double(p.assumingMemoryBound(to: Int32.self)[i])
    default: Double(p.assumingMemoryBound(to: UInt8.self)[i])
    }
}
public let kernels = KernelTable(
    name: "temporary",
    unary: { f, t, a, o, n in
        t == .float32 ? un(Float.self, f, a, o, n) : un(Double.self, f, a, o, n)
    },
    binary: { f, t, a, sa, b, sb, o, n in
        t == .float32
            ? bi(Float.self, f, a, sa, b, sb, o, n) : bi(Double.self, f, a, sa, b, sb, o, n)
    },
    compare: { c, t, a, sa, b, sb, o, n in
        for i in 0..<n {
            let v = ld(t, a, i * sa)
            let w = ld(t, b, i * sb)
            let r: Bool
            switch c {
            case .equal: r = v == w
            case .notEqual: r = v != w
            case .less: r = v < w
            case .lessOrEqual: r = v <= w
            case .greater: r = v > w
            case .greaterOrEqual: r = v >= w
            }
            o[i] = r ? 1 : 0
        }
    },
    select: { s, m, ms, a, sa, b, sb, o, n in
        for i in 0..<n {
            (o + i * s).copyMemory(
                from: m[i * ms] != 0 ? a + i * sa * s : b + i * sb * s, byteCount: s)
        }
    },
    convert: { s, t, a, o, n in
        for i in 0..<n {
            let v = ld(s, a, i)
            switch t {
            case .float32: o.assumingMemoryBound(to: Float.self)[i] = Float(v)
            case .float64: o.assumingMemoryBound(to: Double.self)[i] = v
            case .int32: o.assumingMemoryBound(to: Int32.self)[i] = Int32(v)
            case .uint8: o.assumingMemoryBound(to: UInt8.self)[i] = UInt8(v)
            case .bool: o.assumingMemoryBound(to: UInt8.self)[i] = v != 0 ? 1 : 0
            }
        }
    },
    reduceRows: { r, t, a, n, s, w, o in
        t == .float32 ? red(Float.self, r, a, n, s, w, o) : red(Double.self, r, a, n, s, w, o)
    },
    reduceRuns: { r, t, a, rows, n, o in
        for i in 0..<rows {
            t == .float32
                ? red(Float.self, r, a + i * n * 4, n, 1, 1, o + i * 4)
                : red(Double.self, r, a + i * n * 8, n, 1, 1, o + i * 8)
        }
    },
    multiply: multiply, productWorkspace: productWorkspace,
    tileRows: RegisterTile<FloatVector>.rows, tileColumns: RegisterTile<FloatVector>.columns,
    randomWords: { k, s, f, o, n in
        for i in 0..<4 * n {
            var z =
                (f &+ UInt64(i / 4)) &* 0x9E37_79B9_7F4A_7C15 &+ k &+ s &+ UInt64(i % 4)
                &* 0xD1B5_4A32_D192_ED03
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            o[i] = UInt32(truncatingIfNeeded: z >> 16)
        }
    },
    normal: { t, w, o, n in
        for i in 0..<n {
            let u = (Double(w[2 * i]) + 0.5) / 4_294_967_296
            let v = Double(w[2 * i + 1]) / 4_294_967_296
            let r = (-2 * Foundation.log(u)).squareRoot()
            let p = [r * Foundation.cos(2 * .pi * v), r * Foundation.sin(2 * .pi * v)]
            for j in 0..<2 {
                if t == .float32 {
                    o.assumingMemoryBound(to: Float.self)[2 * i + j] = Float(p[j])
                } else {
                    o.assumingMemoryBound(to: Double.self)[2 * i + j] = p[j]
                }
            }
        }
    },
    copyStrided: copyStrided, unfold: unfold, fold: fold, firstOutOfRange: firstOutOfRange,
    gather: gather, scatterAdd: scatterAdd, sortIndices: sortIndices, cumulativeSum: cumulativeSum)
