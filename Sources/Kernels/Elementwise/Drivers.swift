// Loops for the functions of vectors and scalars. The remainder at the end is padded to a full
// vector: every element gets the same arithmetic, whatever its position.

/// A loop in its own function. Together with many others in one function it would exceed the
/// compiler's inlining limit, and vectors passed to functions are split into quarters.
@inline(never)
func apart(_ loop: () -> Void) { loop() }

/// `output[i] = function(input[i])`, a vector at a time.
@inline(__always)
func mapVectors<V: Vector>(
    _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ count: Int,
    _ function: (V) -> V
) {
    let input = input.assumingMemoryBound(to: V.Element.self)
    let output = output.assumingMemoryBound(to: V.Element.self)
    // The function appears only once, for full vectors and then for the remainder: twice would
    // double the code, and exceed the inlining limit.
    let full = count - count % V.lanes
    var rest = V(repeating: 0)
    withUnsafeMutableBytes(of: &rest) { rest in
        let rest = rest.baseAddress!.assumingMemoryBound(to: V.Element.self)
        var (source, target, end) = (UnsafePointer(input), output, full)
        while true {
            var i = 0
            while i < end {
                function(V(at: source + i)).store(at: target + i)
                i += V.lanes
            }
            guard full < count, target == output else { break }
            V(at: input + full, count: count - full).store(at: rest)
            (source, target, end) = (UnsafePointer(rest), rest, V.lanes)
        }
        if full < count { V(at: rest).store(at: output + full, count: count - full) }
    }
}

/// `output[i] = function(left[i * leftStride], right[i * rightStride])`, a vector at a time.
@inline(__always)
func mapVectors<V: Vector>(
    _ left: UnsafeRawPointer, _ leftStride: Int,
    _ right: UnsafeRawPointer, _ rightStride: Int,
    _ output: UnsafeMutableRawPointer, _ count: Int,
    _ function: (V, V) -> V
) {
    guard count > 0 else { return }
    switch (leftStride, rightStride) {
    case (0, 0):
        let left = V(repeating: left.assumingMemoryBound(to: V.Element.self).pointee)
        let right = V(repeating: right.assumingMemoryBound(to: V.Element.self).pointee)
        let result = function(left, right)
        mapVectors(output, output, count) { (_: V) in result }
    case (0, _):
        let left = V(repeating: left.assumingMemoryBound(to: V.Element.self).pointee)
        mapVectors(right, output, count) { function(left, $0) }
    case (_, 0):
        let right = V(repeating: right.assumingMemoryBound(to: V.Element.self).pointee)
        mapVectors(left, output, count) { function($0, right) }
    default:
        let left = left.assumingMemoryBound(to: V.Element.self)
        let right = right.assumingMemoryBound(to: V.Element.self)
        let output = output.assumingMemoryBound(to: V.Element.self)
        let full = count - count % V.lanes
        var i = 0
        while i < full {
            function(V(at: left + i), V(at: right + i)).store(at: output + i)
            i += V.lanes
        }
        if full < count {
            let rest = count - full
            function(V(at: left + full, count: rest), V(at: right + full, count: rest))
                .store(at: output + full, count: rest)
        }
    }
}

/// `output[i] = function(input[i])`, for the compiler to vectorise.
@inline(__always)
func mapScalars<Input, Output>(
    _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ count: Int,
    _ function: (Input) -> Output
) {
    let input = input.assumingMemoryBound(to: Input.self)
    let output = output.assumingMemoryBound(to: Output.self)
    for i in 0..<count { output[i] = function(input[i]) }
}

/// `output[i] = function(left[i * leftStride], right[i * rightStride])`, for the compiler to
/// vectorise.
@inline(__always)
func mapScalars<Input, Output>(
    _ left: UnsafeRawPointer, _ leftStride: Int,
    _ right: UnsafeRawPointer, _ rightStride: Int,
    _ output: UnsafeMutableRawPointer, _ count: Int,
    _ function: (Input, Input) -> Output
) {
    guard count > 0 else { return }
    let left = left.assumingMemoryBound(to: Input.self)
    let right = right.assumingMemoryBound(to: Input.self)
    let output = output.assumingMemoryBound(to: Output.self)
    switch (leftStride, rightStride) {
    case (0, 0):
        let result = function(left[0], right[0])
        for i in 0..<count { output[i] = result }
    case (0, _):
        let value = left[0]
        for i in 0..<count { output[i] = function(value, right[i]) }
    case (_, 0):
        let value = right[0]
        for i in 0..<count { output[i] = function(left[i], value) }
    default:
        for i in 0..<count { output[i] = function(left[i], right[i]) }
    }
}
