import KernelInterface

let productWorkspace = 64

@Sendable
func multiply(
    _ type: DataType, _ rows: Int, _ columns: Int, _ depth: Int,
    _ left: UnsafeRawPointer, _ leftRowStride: Int, _ leftColumnStride: Int,
    _ right: UnsafeRawPointer, _ rightRowStride: Int, _ rightColumnStride: Int,
    _ result: UnsafeMutableRawPointer, _ resultStride: Int,
    _ accumulating: Bool, _ workspace: UnsafeMutableRawPointer
) {
    switch type {
    case .float32:
        multiply(
            of: Float.self, rows, columns, depth, left, leftRowStride, leftColumnStride,
            right, rightRowStride, rightColumnStride, result, resultStride, accumulating)
    case .float64:
        multiply(
            of: Double.self, rows, columns, depth, left, leftRowStride, leftColumnStride,
            right, rightRowStride, rightColumnStride, result, resultStride, accumulating)
    case .int32, .uint8, .bool:
        fatalError("product of matrices of \(type) elements")
    }
}

@inline(__always)
private func multiply<Element: FloatingElement>(
    of _: Element.Type, _ rows: Int, _ columns: Int, _ depth: Int,
    _ left: UnsafeRawPointer, _ leftRowStride: Int, _ leftColumnStride: Int,
    _ right: UnsafeRawPointer, _ rightRowStride: Int, _ rightColumnStride: Int,
    _ result: UnsafeMutableRawPointer, _ resultStride: Int, _ accumulating: Bool
) {
    let left = left.assumingMemoryBound(to: Element.self)
    let right = right.assumingMemoryBound(to: Element.self)
    let result = result.assumingMemoryBound(to: Element.self)
    for i in 0..<rows {
        for j in 0..<columns {
            var sum: Element = 0
            for k in 0..<depth {
                sum +=
                    left[i * leftRowStride + k * leftColumnStride]
                    * right[k * rightRowStride + j * rightColumnStride]
            }
            let target = result + i * resultStride + j
            target.pointee = accumulating ? target.pointee + sum : sum
        }
    }
}
