import Autograd

/// Where something is in a micrograph, in pixels: the middle of the first pixel is at 0, 0.
public struct AtomPosition: Sendable, Hashable {
    /// In which image of a stack, from 0.
    public var frame: Int
    /// Downwards.
    public var y: Double
    /// To the right.
    public var x: Double

    public init(frame: Int = 0, y: Double, x: Double) {
        (self.frame, self.y, self.x) = (frame, y, x)
    }

    /// Whether it is on one of the pixels of an image of this size.
    func isInside(height: Int, width: Int) -> Bool {
        -0.5 <= y && y < Double(height) - 0.5 && -0.5 <= x && x < Double(width) - 0.5
    }
}

/// Positions in the cells of a grid, so that near ones are found without looking at all.
struct PositionGrid {
    private struct Cell: Hashable {
        var frame, row, column: Int
    }

    private let side: Double
    private(set) var positions: [AtomPosition] = []
    private var cells: [Cell: [Int]] = [:]

    /// - Parameter reach: how far away what is asked for may be, above 0.
    init(_ positions: [AtomPosition] = [], reach: Double) {
        side = reach
        for position in positions { insert(position) }
    }

    mutating func insert(_ position: AtomPosition) {
        cells[cell(of: position), default: []].append(positions.count)
        positions.append(position)
    }

    private func cell(of position: AtomPosition) -> Cell {
        func number(_ coordinate: Double) -> Int {
            // Sound: within ±1e9, also where it is not a number.
            Int(max(-1e9, min(1e9, (coordinate / side).rounded(.down))))
        }
        return Cell(
            frame: position.frame, row: number(position.y), column: number(position.x))
    }

    /// The nearest position of the same frame within the reach, the first of equally near ones.
    func nearest(to position: AtomPosition) -> (index: Int, distance: Double)? {
        let middle = cell(of: position)
        var best: (index: Int, distance: Double)?
        for row in middle.row - 1...middle.row + 1 {
            for column in middle.column - 1...middle.column + 1 {
                let cell = Cell(frame: position.frame, row: row, column: column)
                for index in cells[cell] ?? [] {
                    let (y, x) = (positions[index].y - position.y, positions[index].x - position.x)
                    let distance = (y * y + x * x).squareRoot()
                    guard distance <= side else { continue }
                    if let best, (best.distance, best.index) <= (distance, index) { continue }
                    best = (index, distance)
                }
            }
        }
        return best
    }
}

/// For each position the nearest one among others, as its index, or nil where none of the same frame is
/// within a distance.
///
/// Traps unless the distance is positive.
public func nearestPositions(
    of positions: [AtomPosition], among others: [AtomPosition], within distance: Double
) -> [Int?] {
    guard distance > 0 else { programmerError("nearestPositions", "a distance of \(distance)") }
    let grid = PositionGrid(others, reach: distance)
    return positions.map { grid.nearest(to: $0)?.index }
}
