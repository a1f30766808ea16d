import Autograd

/// What stands in the file under an operation's name: a function of the arguments, and its options.
let referenceOperations: [String: @Sendable (_ x: [Tensor], _ options: ReferenceCase) -> [Tensor]] =
    [
        // Subscripts.
        "subscript": { x, options in [x[0].selected(options.indices)] },
        "assign": { x, options in [x[0].assigning(x[1], at: options.indices)] },

        // Shapes.
        "padded": { x, options in
            [x[0].padded(options.widths, with: Double(options.number("value")))]
        },
        "edge": { x, options in [x[0].padded(options.widths, mode: .edge)] },
        "reflected": { x, options in [x[0].padded(options.widths, mode: .reflected)] },
        "split": { x, options in
            x[0].split(sizes: options.list("sizes") ?? [], axis: options.number("axis"))
        },
        "splitInto": { x, options in
            x[0].split(into: options.number("parts"), axis: options.number("axis"))
        },
        "tiled": { x, options in [x[0].tiled(options.list("counts") ?? [])] },
        "repeated": { x, options in
            [x[0].repeated(options.number("count"), axis: options.number("axis"))]
        },
        "lowerTriangle": { x, options in
            [x[0].lowerTriangle(diagonal: options.number("diagonal"))]
        },
        "upperTriangle": { x, options in
            [x[0].upperTriangle(diagonal: options.number("diagonal"))]
        },
        "gatheredAlong": { x, options in
            let positions = Tensor(options.int32("positions"), shape: options.list("shape") ?? [])
            return [x[0].gatheredAlong(axis: options.number("axis"), at: positions)]
        },

        // Reductions and scans.
        "product": { x, options in
            [x[0].product(axes: options.list("axes"), keepingAxes: options.flag("keeping"))]
        },
        "norm": { x, options in
            [x[0].norm(axes: options.list("axes"), keepingAxes: options.flag("keeping"))]
        },
        "standardDeviation": { x, options in
            [
                x[0].standardDeviation(
                    axes: options.list("axes"), correction: options.number("correction"),
                    keepingAxes: options.flag("keeping"))
            ]
        },
        "cumulativeSum": { x, options in
            [
                x[0].cumulativeSum(
                    axis: options.number("axis"), reversed: options.flag("reversed"),
                    exclusive: options.flag("exclusive"))
            ]
        },
        "cumulativeMaximum": { x, options in
            [x[0].cumulativeMaximum(axis: options.number("axis"))]
        },
        "cumulativeLogSumExp": { x, options in
            [x[0].cumulativeLogSumExp(axis: options.number("axis"))]
        },

        // Contractions, systems of equations and transforms.
        "einsum": { x, options in
            let equation = options.text ?? ""
            switch x.count {
            case 1: return [einsum(equation, x[0])]
            case 2: return [einsum(equation, x[0], x[1])]
            case 3: return [einsum(equation, x[0], x[1], x[2])]
            default: return [einsum(equation, x[0], x[1], x[2], x[3])]
            }
        },
        "choleskyFactor": { x, _ in
            let size = x[0].shape[x[0].rank - 1]
            let squares = matmul(x[0], x[0], transposingRight: true)
            return [choleskyFactor(of: squares + Tensor.identity(size, dataType: .float64))]
        },
        "triangularSolve": { x, options in
            [triangularSolve(x[0], x[1], transposing: options.flag("transposing"))]
        },
        "solve": { x, _ in [solve(x[0], x[1])] },
        "inverse": { x, _ in [inverse(of: x[0])] },
        "determinant": { x, _ in [determinant(of: x[0])] },
        "logDeterminant": { x, _ in [logDeterminant(of: x[0])] },
        "fourierTransform": { x, options in
            let parts = fourierTransform(
                real: x[0], imaginary: x[1], axes: options.list("axes") ?? [],
                isInverse: options.flag("inverse"))
            return [parts.real, parts.imaginary]
        },

        // Choices and searches.
        "select": { x, options in
            let mask = Tensor(options.int32("mask"), shape: options.list("shape") ?? [])
            return [select(mask .!= 0, x[0], x[1])]
        },
        "straightThrough": { x, _ in
            let rounded = straightThrough(round(stopGradient(x[0])), along: x[0])
            return [rounded * rounded * rounded]
        },
        "equality": { x, _ in [Tensor(x[0] == x[1] ? 1 : 0, dataType: .float64)] },
        "ceil": { x, _ in [ceil(x[0])] },
        "unique": { x, _ in
            let (values, counts, positions) = x[0].unique()
            return [values, counts, positions]
        },
        "histogram": { x, options in
            let range = Double(options.number("low"))...Double(options.number("high"))
            return [x[0].histogram(parts: options.number("parts"), in: range)]
        },
        "searchSorted": { x, options in
            [x[0].searchSorted(x[1], afterEquals: options.flag("after"))]
        },
    ]

extension ReferenceCase {
    /// What the subscript selects.
    fileprivate var indices: [Index] {
        var numbers = list("numbers") ?? []
        let (counts, ranks) = (list("counts") ?? [], list("ranks") ?? [])
        return (list("kinds") ?? []).enumerated().map { place, kind in
            let own = Array(numbers.prefix(counts[place]))
            numbers.removeFirst(counts[place])
            func tensor() -> Tensor {
                Tensor(
                    own.dropFirst(ranks[place]).map { Int32($0) },
                    shape: Array(own.prefix(ranks[place])))
            }
            return switch kind {
            case 0: Index(axisSelection: .position(own[0]))
            case 1: Index(axisSelection: .range(own[0], own[1]))
            case 2: Index(axisSelection: .positions(tensor()))
            case 3: Index(axisSelection: .mask(tensor() .!= 0))
            case 4: Index(axisSelection: .ellipsis)
            default: Index(axisSelection: .newAxis)
            }
        }
    }
}

/// An index of any kind.
private struct Index: AxisIndex {
    let axisSelection: AxisSelection
}

extension Tensor {
    fileprivate func selected(_ i: [Index]) -> Tensor {
        switch i.count {
        case 1: self[i[0]]
        case 2: self[i[0], i[1]]
        case 3: self[i[0], i[1], i[2]]
        default: self[i[0], i[1], i[2], i[3]]
        }
    }

    fileprivate func assigning(_ value: Tensor, at i: [Index]) -> Tensor {
        var result = self
        switch i.count {
        case 1: result[i[0]] = value
        case 2: result[i[0], i[1]] = value
        case 3: result[i[0], i[1], i[2]] = value
        default: result[i[0], i[1], i[2], i[3]] = value
        }
        return result
    }
}
