import KernelInterface

extension Kernels {
    public static func firstOutOfRange(_ indices: UnsafePointer<Int32>, _ count: Int, _ bound: Int)
        -> Int
    {
        // The greatest as an unsigned number, which the compiler vectorises, usually decides.
        var greatest: UInt32 = 0
        for position in 0..<count {
            greatest = max(greatest, UInt32(bitPattern: indices[position]))
        }
        if count == 0 || Int(greatest) < bound { return count }
        for position in 0..<count where indices[position] < 0 || Int(indices[position]) >= bound {
            return position
        }
        return count
    }

    public static func gather(
        _ size: Int, _ axis: IndexedAxis, _ indices: UnsafePointer<Int32>,
        _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
    ) {
        switch size {
        case 1: gather(UInt8.self, axis, indices, input, output)
        case 2: gather(UInt16.self, axis, indices, input, output)
        case 4: gather(UInt32.self, axis, indices, input, output)
        default: gather(UInt64.self, axis, indices, input, output)
        }
    }

    public static func scatterAdd(
        _ type: DataType, _ axis: IndexedAxis, _ indices: UnsafePointer<Int32>,
        _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
    ) {
        switch type {
        case .float32: scatter(axis, indices, input, output) { $0 + ($1 as Float) }
        case .float64: scatter(axis, indices, input, output) { $0 + ($1 as Double) }
        default: scatter(axis, indices, input, output) { $0 &+ ($1 as Int32) }
        }
    }

    public static func scatterAddInDouble(
        _ axis: IndexedAxis, _ indices: UnsafePointer<Int32>,
        _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Double>
    ) {
        scatter(axis, indices, input, output) { (sum: Double, element: Float) in
            sum + Double(element)
        }
    }

    @inline(__always)
    private static func gather<Element>(
        _: Element.Type, _ axis: IndexedAxis, _ indices: UnsafePointer<Int32>,
        _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
    ) {
        let source = input.assumingMemoryBound(to: Element.self)
        let target = output.assumingMemoryBound(to: Element.self)
        if axis.inner == 1 {
            for outer in 0..<axis.outer {
                let (source, target) = (source + outer * axis.size, target + outer * axis.count)
                let own = indices + (axis.isElementwise ? outer * axis.count : 0)
                for position in 0..<axis.count { target[position] = source[Int(own[position])] }
            }
            return
        }
        forEachRun(axis) { run, start in
            let target = target + run * axis.inner
            if axis.isElementwise {
                let own = indices + run * axis.inner
                for index in 0..<axis.inner {
                    target[index] = source[start + Int(own[index]) * axis.inner + index]
                }
            } else {
                let source = source + start + Int(indices[run % axis.count]) * axis.inner
                target.update(from: source, count: axis.inner)
            }
        }
    }
}

@inline(__always)
private func scatter<Element, Sum>(
    _ axis: IndexedAxis, _ indices: UnsafePointer<Int32>,
    _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer,
    adding: (Sum, Element) -> Sum
) {
    let source = input.assumingMemoryBound(to: Element.self)
    let target = output.assumingMemoryBound(to: Sum.self)
    if axis.inner == 1 {
        for outer in 0..<axis.outer {
            let (source, target) = (source + outer * axis.count, target + outer * axis.size)
            let own = indices + (axis.isElementwise ? outer * axis.count : 0)
            for position in 0..<axis.count {
                let place = Int(own[position])
                target[place] = adding(target[place], source[position])
            }
        }
        return
    }
    forEachRun(axis) { run, start in
        let source = source + run * axis.inner
        if axis.isElementwise {
            let own = indices + run * axis.inner
            for index in 0..<axis.inner {
                let place = start + Int(own[index]) * axis.inner + index
                target[place] = adding(target[place], source[index])
            }
        } else {
            let target = target + start + Int(indices[run % axis.count]) * axis.inner
            for index in 0..<axis.inner { target[index] = adding(target[index], source[index]) }
        }
    }
}

/// Calls `body` for every run of `inner` elements on the indexed side, with its number and the
/// position on the other side where the elements of its `outer` index start.
@inline(__always)
private func forEachRun(_ axis: IndexedAxis, _ body: (_ run: Int, _ start: Int) -> Void) {
    for outer in 0..<axis.outer {
        for position in 0..<axis.count {
            body(outer * axis.count + position, outer * axis.size * axis.inner)
        }
    }
}
