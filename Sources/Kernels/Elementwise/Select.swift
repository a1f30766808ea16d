extension Kernels {
    public static func select(
        _ size: Int, _ mask: UnsafePointer<UInt8>, _ maskStride: Int,
        _ left: UnsafeRawPointer, _ leftStride: Int, _ right: UnsafeRawPointer, _ rightStride: Int,
        _ output: UnsafeMutableRawPointer, _ count: Int
    ) {
        switch size {
        case 1:
            select(
                of: UInt8.self, mask, maskStride, left, leftStride, right, rightStride, output,
                count)
        case 2:
            select(
                of: UInt16.self, mask, maskStride, left, leftStride, right, rightStride, output,
                count)
        case 4:
            select(
                of: UInt32.self, mask, maskStride, left, leftStride, right, rightStride, output,
                count)
        case 8:
            select(
                of: UInt64.self, mask, maskStride, left, leftStride, right, rightStride, output,
                count)
        default:
            fatalError("select of elements of \(size) bytes")
        }
    }

    @inline(__always)
    private static func select<Element: FixedWidthInteger>(
        of _: Element.Type, _ mask: UnsafePointer<UInt8>, _ maskStride: Int,
        _ left: UnsafeRawPointer, _ leftStride: Int, _ right: UnsafeRawPointer, _ rightStride: Int,
        _ output: UnsafeMutableRawPointer, _ count: Int
    ) {
        guard count > 0 else { return }
        if maskStride == 0 {
            let (chosen, stride) = mask[0] != 0 ? (left, leftStride) : (right, rightStride)
            return mapScalars(chosen, stride, chosen, stride, output, count) {
                (value: Element, _) in value
            }
        }
        let left = left.assumingMemoryBound(to: Element.self)
        let right = right.assumingMemoryBound(to: Element.self)
        let output = output.assumingMemoryBound(to: Element.self)
        switch (leftStride, rightStride) {
        case (0, 0):
            let (left, right) = (left[0], right[0])
            for i in 0..<count { output[i] = mask[i] != 0 ? left : right }
        case (0, _):
            let left = left[0]
            for i in 0..<count { output[i] = mask[i] != 0 ? left : right[i] }
        case (_, 0):
            let right = right[0]
            for i in 0..<count { output[i] = mask[i] != 0 ? left[i] : right }
        default:
            for i in 0..<count {
                // Both are read, so that the choice needs no branch.
                let (left, right) = (left[i], right[i])
                output[i] = mask[i] != 0 ? left : right
            }
        }
    }
}
