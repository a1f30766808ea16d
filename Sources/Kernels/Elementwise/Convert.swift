import KernelInterface

/// Every element type converts exactly to `Double`, and from there with one rounding.
private protocol ConvertibleElement {
    var widened: Double { get }
    init(narrowing value: Double)
}

extension Kernels {
    public static func convert(
        _ source: DataType, _ target: DataType,
        _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ count: Int
    ) {
        // Not by way of `Double`, for these are conversions of whole models.
        switch (source, target) {
        case (.float32, .float16): return mapScalars(input, output, count) { Half($0) }
        case (.float32, .bfloat16): return mapScalars(input, output, count) { BrainFloat($0) }
        case (.float16, .float32): return mapScalars(input, output, count) { (x: Half) in x.float }
        case (.bfloat16, .float32):
            return mapScalars(input, output, count) { (x: BrainFloat) in x.float }
        default: break
        }
        switch source {
        case .float32: convert(from: Float.self, to: target, input, output, count)
        case .float64: convert(from: Double.self, to: target, input, output, count)
        case .int32: convert(from: Int32.self, to: target, input, output, count)
        case .uint8: convert(from: UInt8.self, to: target, input, output, count)
        case .bool: convert(from: Truth.self, to: target, input, output, count)
        case .float16: convert(from: Half.self, to: target, input, output, count)
        case .bfloat16: convert(from: BrainFloat.self, to: target, input, output, count)
        }
    }

    @inline(__always)
    private static func convert<Source: ConvertibleElement>(
        from _: Source.Type, to target: DataType,
        _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ count: Int
    ) {
        @inline(__always)
        func map<Target: ConvertibleElement>(to _: Target.Type) {
            mapScalars(input, output, count) { (x: Source) in Target(narrowing: x.widened) }
        }
        switch target {
        case .float32: map(to: Float.self)
        case .float64: map(to: Double.self)
        case .int32: map(to: Int32.self)
        case .uint8: map(to: UInt8.self)
        case .bool: map(to: Truth.self)
        case .float16: map(to: Half.self)
        case .bfloat16: map(to: BrainFloat.self)
        }
    }
}

extension Float: ConvertibleElement {
    @inline(__always) fileprivate var widened: Double { Double(self) }
    @inline(__always) fileprivate init(narrowing value: Double) { self = Float(value) }
}

extension Double: ConvertibleElement {
    @inline(__always) fileprivate var widened: Double { self }
    @inline(__always) fileprivate init(narrowing value: Double) { self = value }
}

extension Int32: ConvertibleElement {
    @inline(__always) fileprivate var widened: Double { Double(self) }
    @inline(__always) fileprivate init(narrowing value: Double) {
        self = Int32(value.limited(to: -2_147_483_648, 2_147_483_647))
    }
}

extension UInt8: ConvertibleElement {
    @inline(__always) fileprivate var widened: Double { Double(self) }
    @inline(__always) fileprivate init(narrowing value: Double) {
        self = UInt8(truncatingIfNeeded: Int32(value.limited(to: 0, 255)))
    }
}

extension Half: ConvertibleElement {
    @inline(__always) fileprivate var widened: Double { Double(float) }
    @inline(__always) fileprivate init(narrowing value: Double) {
        self.init(Float(roundedToOdd: value))
    }
}

extension BrainFloat: ConvertibleElement {
    @inline(__always) fileprivate var widened: Double { Double(float) }
    @inline(__always) fileprivate init(narrowing value: Double) {
        self.init(Float(roundedToOdd: value))
    }
}

/// An element of type `bool`.
private struct Truth: ConvertibleElement {
    var byte: UInt8

    @inline(__always) var widened: Double { Double(byte) }
    @inline(__always) init(narrowing value: Double) { byte = value != 0 ? 1 : 0 }
}

extension Double {
    /// The nearest number in the range; 0 for NaN.
    @inline(__always)
    fileprivate func limited(to lower: Double, _ upper: Double) -> Double {
        let number = self == self ? self : 0
        let raised = number < lower ? lower : number
        return raised > upper ? upper : raised
    }
}
