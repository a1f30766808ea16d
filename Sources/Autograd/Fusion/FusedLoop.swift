import KernelInterface

/// The computation of an expression and of all pending ones it is made of, as one loop over blocks
/// of elements. Results that a tensor refers to are written to memory on the way; the others exist
/// in the block only.
struct FusedLoop {
    var steps: [Step] = []
    var places: [Place] = []
    var results: [(expression: Expression, place: Int, step: Int)] = []
    var scratches = 0
    let count: Int
    /// Where the blocks of the root are collected to a piece, if pieces are asked for.
    var visited: Int?

    /// One operation on a block.
    struct Step {
        let function: ElementwiseFunction
        let dataType: DataType
        /// The places of up to three operands.
        let operands: (Int, Int, Int)
        let output: Int
    }

    /// Where a block of an operand or a result is stored.
    struct Place {
        var source: Source
        let dataType: DataType
        /// 0 if the block is one number for all its elements.
        var stride = 1
        /// The last step that reads it.
        var lastUse = -1

        var isMemory: Bool {
            if case .memory = source { true } else { false }
        }
    }

    enum Source {
        case memory(Storage)
        /// The result that another thread is computing.
        case awaited(Expression)
        /// Memory that is copied to a scratch block, as the operand is repeated.
        case walked(Storage, Access, scratch: Int)
        case scratch(Int)
        /// The part of a piece that a block of the root writes.
        case piece
    }

    /// Elements of a block: two or three blocks of `float32` fit the first-level cache.
    static let blockElements = 2048
    static let blocksPerTask = 4

    // MARK: Planning

    /// Plans the computation; the expressions release their operands. Needs the lock.
    ///
    /// - Parameter inPieces: the root is not stored, but passed on piece by piece.
    init(computing root: Expression, inPieces: Bool = false) {
        count = root.count
        var visited: [Expression] = []
        let place = place(of: root, root: root, &visited)
        for expression in visited { expression.mark = nil }
        visited = []
        if inPieces {
            results.removeAll { $0.expression === root }
            places[place].source = .piece
            self.visited = place
        }
        for result in results { result.expression.start() }
        assignScratch()
        let operands = places.indices.filter { places[$0].isMemory }
        for index in results.indices { allocate(index, reusing: operands) }
    }

    /// The place of an expression's result, after the steps that compute it.
    private mutating func place(
        of expression: Expression, root: Expression, _ visited: inout [Expression]
    ) -> Int {
        if let mark = expression.mark { return mark }
        let place: Int
        switch expression.state {
        case .done(let storage): place = self.place(of: storage, .full)
        case .running:
            place = add(Place(source: .awaited(expression), dataType: expression.dataType))
        case .open:
            var operands = expression.operands.map { operand in
                switch operand {
                case .memory(let storage, let access): self.place(of: storage, access)
                case .expression(let inner): self.place(of: inner, root: root, &visited)
                }
            }
            let isResult = expression === root || expression.isWanted.load(ordering: .relaxed)
            switch expression.function {
            case .broadcast where !isResult:
                place = operands[0]
            case .unary, .convert:
                operands[0] = spread(operands[0])
                fallthrough
            default:
                place = add(Place(source: .scratch(-1), dataType: expression.dataType))
                append(expression.function, expression.dataType, operands, place)
                if isResult { results.append((expression, place, steps.count - 1)) }
            }
        }
        expression.mark = place
        visited.append(expression)
        return place
    }

    private mutating func place(of storage: Storage, _ access: Access) -> Int {
        let known = places.firstIndex { place in
            switch place.source {
            case .memory(let other):
                other === storage && place.stride == (access == .single ? 0 : 1)
                    && (access == .full || access == .single)
            case .walked(let other, let otherAccess, _):
                other === storage && access == otherAccess
            default: false
            }
        }
        if let known { return known }
        switch access {
        case .full: return add(Place(source: .memory(storage), dataType: storage.dataType))
        case .single:
            return add(Place(source: .memory(storage), dataType: storage.dataType, stride: 0))
        default:
            return add(
                Place(source: .walked(storage, access, scratch: -1), dataType: storage.dataType))
        }
    }

    /// A place with an element for each element of the block, for operations that need them.
    private mutating func spread(_ place: Int) -> Int {
        guard places[place].stride == 0 else { return place }
        let spread = add(Place(source: .scratch(-1), dataType: places[place].dataType))
        append(.broadcast, places[place].dataType, [place], spread)
        return spread
    }

    private mutating func add(_ place: Place) -> Int {
        places.append(place)
        return places.count - 1
    }

    private mutating func append(
        _ function: ElementwiseFunction, _ dataType: DataType, _ operands: [Int], _ output: Int
    ) {
        for operand in operands { places[operand].lastUse = steps.count }
        let second = operands.count > 1 ? operands[1] : operands[0]
        let third = operands.count > 2 ? operands[2] : operands[0]
        steps.append(
            Step(
                function: function, dataType: dataType, operands: (operands[0], second, third),
                output: output))
    }

    /// Assigns scratch blocks to repeated operands, for the whole loop, and to intermediate
    /// results, from their step to their last use.
    private mutating func assignScratch() {
        for (index, place) in places.enumerated() {
            if case .walked(let storage, let access, _) = place.source {
                places[index].source = .walked(storage, access, scratch: scratches)
                scratches += 1
            }
        }
        let resultPlaces = Set(results.map(\.place))
        var free: [Int] = []
        var ends = [[Int]](repeating: [], count: steps.count)
        for (index, step) in steps.enumerated() {
            if !resultPlaces.contains(step.output), step.output != visited {
                let scratch = free.popLast() ?? scratches
                if scratch == scratches { scratches += 1 }
                places[step.output].source = .scratch(scratch)
                ends[max(index, places[step.output].lastUse)].append(scratch)
            }
            free += ends[index]
        }
    }

    /// Memory for a result: that of an operand which nothing else refers to and no later step reads
    /// (the one read last), otherwise new memory.
    private mutating func allocate(_ index: Int, reusing operands: [Int]) {
        let (expression, place, step) = results[index]
        let candidates = operands.filter { operand in
            places[operand].stride == 1 && places[operand].lastUse <= step
                && places[operand].dataType == expression.dataType
        }
        for operand in candidates.sorted(by: { places[$0].lastUse > places[$1].lastUse }) {
            guard let storage = takingMemory(of: operand, count: expression.count) else { continue }
            places[place].source = .memory(storage)
            return
        }
        places[place].source = .memory(Storage(expression.dataType, count: expression.count))
    }

    /// The memory of a place, if the place alone refers to it.
    private mutating func takingMemory(of operand: Int, count: Int) -> Storage? {
        guard case .memory(var storage) = places[operand].source, storage.isOwn,
            storage.count == count
        else { return nil }
        // The place's own reference is taken out to check whether there are others.
        places[operand].source = .scratch(-1)
        let isUnshared = isKnownUniquelyReferenced(&storage)
        places[operand].source = .memory(storage)
        return isUnshared ? storage : nil
    }
}
