/// Numbers that are transformed side by side. The operations are those of concrete vectors: the
/// standard library's generic ones would loop over their elements.
protocol FourierLane {
    associatedtype Number: SampledElement
    init(repeating number: Number)
    func plus(_ other: Self) -> Self
    func minus(_ other: Self) -> Self
    func times(_ other: Self) -> Self
}

extension SIMD4<Float>: FourierLane {
    typealias Number = Float
    @inline(__always) func plus(_ other: Self) -> Self { self + other }
    @inline(__always) func minus(_ other: Self) -> Self { self - other }
    @inline(__always) func times(_ other: Self) -> Self { self * other }
}

extension SIMD2<Double>: FourierLane {
    typealias Number = Double
    @inline(__always) func plus(_ other: Self) -> Self { self + other }
    @inline(__always) func minus(_ other: Self) -> Self { self - other }
    @inline(__always) func times(_ other: Self) -> Self { self * other }
}

/// Complex numbers, side by side.
struct Complex<Lane: FourierLane> {
    var real: Lane
    var imaginary: Lane

    @inline(__always) init(_ real: Lane, _ imaginary: Lane) {
        (self.real, self.imaginary) = (real, imaginary)
    }

    /// The same number in all lanes.
    @inline(__always) init(_ number: (real: Double, imaginary: Double)) {
        real = Lane(repeating: Lane.Number(number.real))
        imaginary = Lane(repeating: Lane.Number(number.imaginary))
    }

    static var zero: Complex { Complex(Lane(repeating: 0), Lane(repeating: 0)) }

    @inline(__always) static func + (a: Complex, b: Complex) -> Complex {
        Complex(a.real.plus(b.real), a.imaginary.plus(b.imaginary))
    }

    @inline(__always) static func - (a: Complex, b: Complex) -> Complex {
        Complex(a.real.minus(b.real), a.imaginary.minus(b.imaginary))
    }

    @inline(__always) static func * (a: Complex, b: Complex) -> Complex {
        Complex(
            a.real.times(b.real).minus(a.imaginary.times(b.imaginary)),
            a.real.times(b.imaginary).plus(a.imaginary.times(b.real)))
    }

    /// i times the number.
    @inline(__always) var turned: Complex {
        Complex(Lane(repeating: 0).minus(imaginary), real)
    }
}

/// Complex numbers in memory.
struct ComplexMemory<Lane: FourierLane> {
    let real: UnsafeMutablePointer<Lane>
    let imaginary: UnsafeMutablePointer<Lane>

    @inline(__always) subscript(index: Int) -> Complex<Lane> {
        get { Complex(real[index], imaginary[index]) }
        nonmutating set { (real[index], imaginary[index]) = (newValue.real, newValue.imaginary) }
    }

    @inline(__always) func advanced(by count: Int) -> ComplexMemory {
        ComplexMemory(real: real + count, imaginary: imaginary + count)
    }
}
