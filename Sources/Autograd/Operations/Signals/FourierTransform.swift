import Foundation

/// The discrete Fourier transform along some axes, one after another, of complex numbers that are
/// given by their real and imaginary parts:
///
///     Xₖ = Σₙ xₙ exp(−2πi k n / N)
///
/// The inverse has the opposite sign and divides by N, so that it undoes the transform. Of any length
/// N ≥ 1: by products with small matrices, one for each factor of N (Cooley and Tukey, "An algorithm
/// for the machine calculation of complex Fourier series", 1965), and as a convolution if N has a
/// large prime factor (Bluestein, "A linear filtering approach to the computation of discrete Fourier
/// transform", 1970).
///
/// Traps if the parts differ in shape or type, are of integers, or have no element along an axis.
///
/// - Parameters:
///   - axes: negative ones count from the end; for images the last two, `[-2, -1]`.
///   - isInverse: whether to compute the inverse transform.
public func fourierTransform(
    real: Tensor, imaginary: Tensor, axes: [Int] = [-1], isInverse: Bool = false
) -> (real: Tensor, imaginary: Tensor) {
    real.checkFloatingPoint("fourierTransform")
    guard real.shape == imaginary.shape, real.dataType == imaginary.dataType else {
        trap(
            "fourierTransform",
            "a real part of \(real.dataType) of shape \(real.shape) and an imaginary part of "
                + "\(imaginary.dataType) of shape \(imaginary.shape)")
    }
    var value = ComplexTensor(real, imaginary)
    for axis in axes {
        let axis = Shape.normalize(axis: axis, rank: real.rank, in: "fourierTransform")
        let size = real.shape[axis]
        guard size > 0 else {
            trap("fourierTransform", "axis \(axis) of shape \(real.shape) has no element")
        }
        let moved = value.map { $0.swappingAxes(axis, -1) }
        let rows = moved.map { $0.reshaped([-1, size]) }.transformed(isInverse ? 1 : -1)
        value = rows.map { $0.reshaped(moved.real.shape).swappingAxes(axis, -1) }
        if isInverse { value = value.map { $0 / Double(size) } }
    }
    return (value.real, value.imaginary)
}

/// Complex numbers, `[rows, size]` where they are transformed.
private struct ComplexTensor {
    let real: Tensor
    let imaginary: Tensor

    init(_ real: Tensor, _ imaginary: Tensor) { (self.real, self.imaginary) = (real, imaginary) }

    /// exp(2πi p / period) for some numbers p.
    init(_ numbers: [Int], period: Int, shape: [Int], dataType: DataType) {
        let angles = numbers.map { 2 * Double.pi * Double($0 % period) / Double(period) }
        real = Tensor(angles.map { cos($0) }, shape: shape).cast(to: dataType)
        imaginary = Tensor(angles.map { sin($0) }, shape: shape).cast(to: dataType)
    }

    func map(_ body: (Tensor) -> Tensor) -> ComplexTensor {
        ComplexTensor(body(real), body(imaginary))
    }

    /// The product of each two elements; they broadcast.
    static func * (a: ComplexTensor, b: ComplexTensor) -> ComplexTensor {
        ComplexTensor(
            a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real
        )
    }

    var conjugate: ComplexTensor { ComplexTensor(real, -imaginary) }

    /// Greater factors of a length are no small matrices.
    private static let largestMatrix = 64

    /// The rows, transformed with an exponent of this sign.
    func transformed(_ sign: Int) -> ComplexTensor {
        let (rows, size) = (real.shape[0], real.shape[1])
        if size <= Self.largestMatrix { return multiplied(sign) }
        guard
            let factor = (2...Self.largestMatrix).last(where: { size.isMultiple(of: $0) })
        else { return convolved(sign) }
        // With n = rest · a + b and k = c + factor · d: over a, then times exp(± 2πi b c / N), then
        // over b.
        let rest = size / factor
        let inner = map {
            $0.reshaped([rows, factor, rest]).matrixTransposed.reshaped([-1, factor])
        }
        .multiplied(sign)
        let twists = (0..<rest).flatMap { b in (0..<factor).map { c in b * c } }
        let rotations = ComplexTensor(
            twists, period: size, shape: [rest, factor], dataType: real.dataType)
        let rotated =
            inner.map { $0.reshaped([rows, rest, factor]) }
            * (sign > 0 ? rotations : rotations.conjugate)
        let outer = rotated.map { $0.matrixTransposed.reshaped([rows * factor, rest]) }
            .transformed(sign)
        return outer.map {
            $0.reshaped([rows, factor, rest]).matrixTransposed.reshaped([rows, size])
        }
    }

    /// By a product with the matrix of the transform, which is symmetric.
    private func multiplied(_ sign: Int) -> ComplexTensor {
        let size = real.shape[1]
        let powers = (0..<size).flatMap { n in (0..<size).map { k in n * k } }
        let matrix = ComplexTensor(
            powers, period: size, shape: [size, size], dataType: real.dataType)
        let (cosine, sine) = (matrix.real, Double(sign) * matrix.imaginary)
        return ComplexTensor(
            matmul(real, cosine) - matmul(imaginary, sine),
            matmul(real, sine) + matmul(imaginary, cosine))
    }

    /// As a convolution with a chirp, of a length that is a power of 2: 2 n k = n² + k² − (k − n)².
    private func convolved(_ sign: Int) -> ComplexTensor {
        let (rows, size) = (real.shape[0], real.shape[1])
        var length = 1
        while length < 2 * size - 1 { length *= 2 }
        let squares = (0..<size).map { $0 * $0 % (2 * size) }
        let plain = ComplexTensor(squares, period: 2 * size, shape: [size], dataType: real.dataType)
        let chirp = sign > 0 ? plain : plain.conjugate
        let filled = (self * chirp).map { $0.padded([(0, 0), (0, length - size)]) }
        // The chirp's conjugate at the distances from −(size − 1) to size − 1, around a circle.
        let around = chirp.conjugate.map { values in
            let backwards = values.sliced(axis: 0, 1..<size, step: -1)
            let gap = Tensor.zeros([length - 2 * size + 1], dataType: values.dataType)
            return concatenated([values, gap, backwards]).reshaped([1, length])
        }
        let product = filled.transformed(-1) * around.transformed(-1)
        let convolution = product.transformed(1).map {
            $0.sliced(axis: 1, 0..<size) / Double(length)
        }
        return (convolution * chirp).map { $0.reshaped([rows, size]) }
    }
}
