import KernelInterface

extension Kernels {
    public static func compare(
        _ comparison: Comparison, _ type: DataType,
        _ left: UnsafeRawPointer, _ leftStride: Int, _ right: UnsafeRawPointer, _ rightStride: Int,
        _ output: UnsafeMutablePointer<UInt8>, _ count: Int
    ) {
        switch type {
        case .float32:
            compare(comparison, of: Float.self, left, leftStride, right, rightStride, output, count)
        case .float64:
            compare(
                comparison, of: Double.self, left, leftStride, right, rightStride, output, count)
        case .int32:
            compare(comparison, of: Int32.self, left, leftStride, right, rightStride, output, count)
        case .uint8, .bool:
            compare(comparison, of: UInt8.self, left, leftStride, right, rightStride, output, count)
        case .float16, .bfloat16:
            noKernel(for: comparison, of: type)
        }
    }

    @inline(__always)
    private static func compare<Element: Comparable>(
        _ comparison: Comparison, of _: Element.Type,
        _ left: UnsafeRawPointer, _ leftStride: Int, _ right: UnsafeRawPointer, _ rightStride: Int,
        _ output: UnsafeMutablePointer<UInt8>, _ count: Int
    ) {
        @inline(__always)
        func map(_ comparison: (Element, Element) -> Bool) {
            mapScalars(left, leftStride, right, rightStride, output, count) {
                comparison($0, $1) ? 1 as UInt8 : 0
            }
        }
        switch comparison {
        case .equal: map { $0 == $1 }
        case .notEqual: map { $0 != $1 }
        case .less: map { $0 < $1 }
        case .lessOrEqual: map { $0 <= $1 }
        case .greater: map { $0 > $1 }
        case .greaterOrEqual: map { $0 >= $1 }
        }
    }
}
