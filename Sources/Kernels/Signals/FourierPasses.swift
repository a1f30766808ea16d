import KernelInterface

extension Kernels {
    public static func fourierPass(
        _ type: DataType, _ pass: FourierPass, _ source: ComplexMemory, _ target: ComplexMemory
    ) {
        @inline(__always)
        func transform<V: Vector>(_: V.Type) {
            let memory = PassMemory<V>(pass, source, target)
            switch pass.factor {
            case 2: memory.transform(in: V.Two.self)
            case 4: memory.transform(in: V.Four.self)
            case 8: memory.transform(in: V.Eight.self)
            default: memory.transformOdd()
            }
        }
        if type == .float32 { transform(FloatVector.self) } else { transform(DoubleVector.self) }
    }

    public static func fourierFirstPass(
        _ type: DataType, _ pass: FourierPass, _ source: ComplexMemory, _ target: ComplexMemory
    ) {
        @inline(__always)
        func transform<V: Vector>(_: V.Type) {
            let memory = PassMemory<V>(pass, source, target)
            switch V.lanes {
            case 2: memory.transformRow(in: V.Two.self)
            case 4: memory.transformRow(in: V.Four.self)
            case 8: memory.transformRow(in: V.Eight.self)
            default: memory.transformRow(in: V.Sixteen.self)
            }
        }
        if type == .float32 { transform(FloatVector.self) } else { transform(DoubleVector.self) }
    }

    public static func fourierLanes(_ type: DataType) -> Int {
        type == .float32 ? FloatVector.lanes : DoubleVector.lanes
    }
}

/// What one pass reads and writes.
private struct PassMemory<V: Vector> {
    typealias Address = UnsafeMutablePointer<V.Element>
    let pass: FourierPass
    let turns: UnsafePointer<V.Element>
    let source: Complex<Address>
    let target: Complex<Address>

    @inline(__always)
    init(_ pass: FourierPass, _ source: ComplexMemory, _ target: ComplexMemory) {
        @inline(__always)
        func typed(_ memory: ComplexMemory) -> Complex<Address> {
            Complex(
                memory.real.assumingMemoryBound(to: V.Element.self),
                memory.imaginary.assumingMemoryBound(to: V.Element.self))
        }
        self.pass = pass
        turns = pass.turns.assumingMemoryBound(to: V.Element.self)
        self.source = typed(source)
        self.target = typed(target)
    }

    /// With a factor that is the number of vectors in a group.
    @inline(__always) func transform<Group: FourierGroup>(in _: Group.Type) where Group.V == V {
        let (factor, run) = (pass.factor, pass.run)
        let distance = pass.parts * run
        for part in 0..<pass.parts {
            let turns = turns + 2 * factor * part
            let turn = Complex(
                Group(repeatingAt: turns, stride: 1), Group(repeatingAt: turns + factor, stride: 1))
            for index in stride(from: 0, to: run, by: V.lanes) {
                let (from, to) = (part * run + index, part * factor * run + index)
                var number = Complex(
                    Group(alternatingAt: source.real + from, stride: distance),
                    Group(alternatingAt: source.imaginary + from, stride: distance))
                Group.transform(&number)
                // The last pass turns nothing.
                if pass.parts > 1 { Group.multiply(&number, by: turn, index: 0) }
                number.real.store(at: target.real + to, stride: run)
                number.imaginary.store(at: target.imaginary + to, stride: run)
            }
        }
    }

    /// With numbers of neighbouring parts in a vector, which are transposed before they are stored.
    @inline(__always)
    func transformRow<Half: FourierGroup>(in _: VectorPair<Half>.Type) where Half.V == V {
        typealias Group = VectorPair<Half>
        let parts = pass.parts
        for first in stride(from: 0, to: parts, by: V.lanes) {
            // The last vector may have some parts in common with the one before.
            let part = min(first, parts - V.lanes)
            var number = Complex(
                Group(alternatingAt: source.real + part, stride: parts),
                Group(alternatingAt: source.imaginary + part, stride: parts))
            Group.transform(&number)
            let turn = Complex(
                Group(at: turns + part, stride: parts),
                Group(at: turns + Group.count * parts + part, stride: parts))
            Group.multiply(&number, by: turn, index: 0)
            let place = part * Group.count
            number.real.transposed.store(at: target.real + place, stride: Group.count)
            number.imaginary.transposed.store(at: target.imaginary + place, stride: Group.count)
        }
    }

    /// With an odd factor: numbers at opposite ends have the same cosines, and opposite sines.
    @inline(__always) func transformOdd() {
        let (factor, run) = (pass.factor, pass.run)
        let (half, distance) = (factor / 2, pass.parts * run)
        let waves = turns + 2 * factor * pass.parts
        for part in 0..<pass.parts {
            let turns = turns + 2 * factor * part
            for index in stride(from: 0, to: run, by: V.lanes) {
                let (from, to) = (part * run + index, part * factor * run + index)
                @inline(__always) func number(_ position: Int) -> Complex<V> {
                    Complex(
                        V(at: source.real + from + position * distance),
                        V(at: source.imaginary + from + position * distance))
                }
                @inline(__always) func store(_ real: V, _ imaginary: V, _ result: Int) {
                    let c = V(repeating: turns[result])
                    let d = V(repeating: turns[factor + result])
                    (real * c).adding(product: -imaginary, d)
                        .store(at: target.real + to + result * run)
                    (imaginary * c).adding(product: real, d)
                        .store(at: target.imaginary + to + result * run)
                }
                let first = number(0)
                var sum = first
                for pair in 1...half {
                    let (a, b) = (number(pair), number(factor - pair))
                    sum.real = sum.real + (a.real + b.real)
                    sum.imaginary = sum.imaginary + (a.imaginary + b.imaginary)
                }
                sum.real.store(at: target.real + to)
                sum.imaginary.store(at: target.imaginary + to)
                for result in 1...half {
                    var (same, opposite) = (first, Complex(V(repeating: 0), V(repeating: 0)))
                    var wave = 0
                    for pair in 1...half {
                        wave += result
                        if wave >= factor { wave -= factor }
                        let cosine = V(repeating: waves[wave])
                        let sine = V(repeating: waves[factor + wave])
                        let (a, b) = (number(pair), number(factor - pair))
                        same.real = same.real.adding(product: cosine, a.real + b.real)
                        same.imaginary =
                            same.imaginary.adding(product: cosine, a.imaginary + b.imaginary)
                        opposite.real =
                            opposite.real.adding(product: sine, b.imaginary - a.imaginary)
                        opposite.imaginary =
                            opposite.imaginary.adding(product: sine, a.real - b.real)
                    }
                    store(
                        same.real + opposite.real, same.imaginary + opposite.imaginary, result)
                    store(
                        same.real - opposite.real, same.imaginary - opposite.imaginary,
                        factor - result)
                }
            }
        }
    }
}
