"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const FILLS_MAX = 2000, POSITIONS_MAX = 1000, ROWS = 25;
  const LINKED = ["equity", "exposure", "price"];
  const place = (name) => document.getElementById("chart-" + name);
  const root = document.documentElement;

  // Colours: figures name them, the style sheet has them for light and for dark.
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  let theme = dark.matches ? "dark" : "light";
  const colour = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();
  const coloured = (value) => {
    if (typeof value === "string") return value[0] === "$" ? colour(value.slice(1)) : value;
    if (Array.isArray(value)) return typeof value[0] === "string" && value[0][0] !== "$" ? value : value.map(coloured);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, coloured(member)]));
  };

  const layoutOf = (own) => {
    const axis = { gridcolor: colour("grid"), zerolinecolor: colour("line"), linecolor: colour("line"), automargin: true };
    const layout = {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: colour("ink"), family: "system-ui, Segoe UI, Roboto, Arial, sans-serif", size: 12 },
      margin: { l: 62, r: 18, t: 28, b: 34 }, hovermode: "x unified", bargap: 0.05, dragmode: "zoom",
      hoverlabel: { bgcolor: colour("card"), bordercolor: colour("line"), font: { color: colour("ink") } },
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { color: colour("muted") } },
      separators: ".,", modebar: { bgcolor: "rgba(0,0,0,0)", color: colour("muted"), activecolor: colour("accent") },
      ...own,
    };
    for (const name of Object.keys(layout)) {
      if (/^[xy]axis\d*$/.test(name)) layout[name] = { ...axis, ...layout[name] };
    }
    return layout;
  };
  const CONFIG = { responsive: true, displaylogo: false, showTips: false,
    modeBarButtons: [["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d", "toImage"]] };

  // The part of the run that the charts over time show; null for all of it.
  let shown = null;
  const draw = (name) => {
    const figure = coloured(data.figures[name]);
    if (LINKED.includes(name) && shown) figure.layout.xaxis = { ...figure.layout.xaxis, range: shown };
    return Plotly.react(place(name), figure.data, layoutOf(figure.layout), CONFIG);
  };

  // The price chart: of many fills it draws so many as can be told apart, all of them once few are in sight.
  const select = document.getElementById("instrument");
  const number = (value, digits) => value.toLocaleString("en-US", { maximumFractionDigits: digits });
  const digits = (value) => value.toLocaleString("en-US", { maximumSignificantDigits: 8 });
  const amount = (value, decimals) => {
    const text = value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    return value && !/[1-9]/.test(text) ? value.toLocaleString("en-US", { maximumSignificantDigits: 2 }) : text;
  };
  const inSight = (starts, ends) => {
    const places = [];
    for (let i = 0; i < starts.length; i++) if (!shown || (ends[i] >= shown[0] && starts[i] <= shown[1])) places.push(i);
    return places;
  };
  const evenly = (places, count) => {
    if (places.length <= count) return places;
    return Array.from({ length: count }, (_, i) => places[Math.floor((i * places.length) / count)]);
  };
  const markers = (fills, places, buys) => {
    const own = evenly(places.filter((i) => fills.buys[i] === buys), FILLS_MAX / 2);
    return {
      type: "scatter", mode: "markers", name: buys ? "Buy" : "Sell",
      x: own.map((i) => fills.x[i]), y: own.map((i) => fills.price[i]),
      text: own.map((i) => `${buys ? "Buy" : "Sell"} ${digits(fills.quantity[i])} at ${digits(fills.price[i])}`),
      hovertemplate: "%{text}<br>%{x}<extra></extra>",
      marker: {
        symbol: buys ? "triangle-up" : "triangle-down", size: own.length > 300 ? 7 : 10,
        color: colour(buys ? "gain" : "loss"), line: { color: colour("card"), width: 1 },
      },
    };
  };
  const shading = (positions, places, longs) => {
    const x = [], y = [];
    for (const i of places) {
      if (positions.longs[i] !== longs) continue;
      x.push(positions.start[i], positions.start[i], positions.end[i], positions.end[i], null);
      y.push(0, 1, 1, 0, null);
    }
    return {
      type: "scatter", mode: "lines", name: longs ? "Long" : "Short", x, y, yaxis: "y2", fill: "tozeroy",
      fillcolor: colour(longs ? "long" : "short"), line: { width: 0 }, hoverinfo: "skip",
    };
  };
  const drawPrice = () => {
    if (!select) return Promise.resolve();
    const chart = data.prices[select.value], instrument = data.instruments[Number(select.value)];
    const all = inSight(chart.fills.x, chart.fills.x), fills = [1, 0].map((buys) => markers(chart.fills, all, buys));
    const positions = inSight(chart.positions.start, chart.positions.end), shaded = evenly(positions, POSITIONS_MAX);
    const candles = {
      type: "candlestick", name: "Price", ...chart.candles,
      increasing: { line: { color: colour("gain"), width: 1 }, fillcolor: colour("gain-soft") },
      decreasing: { line: { color: colour("loss"), width: 1 }, fillcolor: colour("loss-soft") },
    };
    const layout = layoutOf({
      hovermode: "closest",
      xaxis: { type: "date", rangeslider: { visible: false }, range: shown || data.period },
      yaxis: { title: { text: instrument.quote }, tickformat: "," },
      yaxis2: { overlaying: "y", range: [0, 1], visible: false, fixedrange: true },
    });
    const traces = [shading(chart.positions, shaded, 1), shading(chart.positions, shaded, 0)].filter((trace) => trace.x.length);
    traces.push(candles, ...fills.filter((trace) => trace.x.length));
    const drawn = fills[0].x.length + fills[1].x.length;
    const told = [`Candles of ${chart.length}, from the prices at the times of the equity curve and the fills.`];
    if (drawn < all.length) told.push(`${number(drawn)} of ${number(all.length)} fills in sight are drawn: zoom in to see all.`);
    if (shaded.length < positions.length) told.push(`${number(shaded.length)} of ${number(positions.length)} positions are shaded.`);
    document.getElementById("price-note").textContent = told.join(" ");
    return Plotly.react(place("price"), traces, layout, CONFIG);
  };

  // Zoom in one chart over time is zoom in all of them.
  let following = false;
  const show = async (range) => {
    shown = range;
    following = true;
    try {
      const update = range ? { "xaxis.range": range.slice() } : { "xaxis.autorange": true };
      for (const name of ["equity", "exposure"]) if (data.figures[name]) await Plotly.relayout(place(name), update);
      await drawPrice();
    } finally {
      following = false;
    }
  };
  const follow = (name) => place(name).on("plotly_relayout", (change) => {
    if (following) return;
    const range = change["xaxis.range"] || [change["xaxis.range[0]"], change["xaxis.range[1]"]];
    if (range[0] && range[1]) show([String(range[0]), String(range[1])]);
    else if (change["xaxis.autorange"]) show(null);
  });

  // The table of trips: sorted as a whole, shown in pages.
  const trips = data.trips, count = (trips.instrument || []).length;
  const decimals = Object.fromEntries(data.instruments.map((item) => [item.name, item.decimals]));
  const money = (name) => (i) => amount(trips[name][i], decimals[trips.instrument[i]]);
  const fraction = (name) => (i) => (trips[name][i] === null ? "n/a" : (trips[name][i] * 100).toFixed(2) + "%");
  const price = (name) => (i) => (trips[name][i] === null ? "" : digits(trips[name][i]));
  const word = (name) => (i) => trips[name][i] || "";
  const minute = (name) => (i) => (trips[name][i] ? trips[name][i].slice(0, 16) : "open");
  const COLUMNS = [
    ["instrument", "Instrument", word("instrument")], ["side", "Side", (i) => (trips.side[i] === "Buy" ? "long" : "short") + (trips.is_open[i] ? ", open" : "")],
    ["time_enter", "Entered", minute("time_enter")], ["time_exit", "Left", minute("time_exit")],
    ["quantity_max", "Quantity", price("quantity_max")], ["price_entry_average", "Entry", price("price_entry_average")],
    ["price_exit_average", "Exit", price("price_exit_average")], ["pnl", "PnL", money("pnl")], ["pnl_return", "Return", fraction("pnl_return")],
    ["fees", "Fees", money("fees")], ["funding", "Funding", money("funding")], ["mae", "MAE", fraction("mae")], ["mfe", "MFE", fraction("mfe")],
    ["trades", "Fills", (i) => number(trips.trades[i])],
  ];
  const WORDS = 4, SIGNED = new Set(["pnl", "pnl_return"]);
  let order = Array.from({ length: count }, (_, i) => i), first = 0, sorted = { name: "", falls: false };
  const sort = (name) => {
    sorted = { name, falls: sorted.name === name ? !sorted.falls : false };
    const values = trips[name], sign = sorted.falls ? -1 : 1;
    const compare = (a, b) => (values[a] === null) - (values[b] === null) || (values[a] < values[b] ? -sign : values[a] > values[b] ? sign : a - b);
    order.sort(compare);
    first = 0;
    fillTable();
  };
  const choose = async (i) => {
    const margin = 0.6, start = Date.parse(trips.time_enter[i].replace(" ", "T") + "Z");
    const end = Date.parse((trips.time_exit[i] && !trips.is_open[i] ? trips.time_exit[i] : data.period[1]).replace(" ", "T") + "Z");
    const wide = Math.max((end - start) * margin, 60000);
    const text = (time) => new Date(time).toISOString().replace("T", " ").replace("Z", "");
    select.value = String(data.instruments.findIndex((item) => item.name === trips.instrument[i]));
    await show([text(start - wide), text(end + wide)]);
    place("price").scrollIntoView({ block: "center" });
  };
  const fillTable = () => {
    const table = document.getElementById("trip-table");
    const head = document.createElement("tr");
    COLUMNS.forEach(([name, label], column) => {
      const cell = head.appendChild(document.createElement("th")), button = cell.appendChild(document.createElement("button"));
      cell.scope = "col";
      if (column >= WORDS) cell.className = "number";
      cell.setAttribute("aria-sort", sorted.name !== name ? "none" : sorted.falls ? "descending" : "ascending");
      button.type = "button";
      button.textContent = label;
      button.addEventListener("click", () => {
        sort(name);
        document.querySelectorAll("#trip-table thead button")[column].focus();
      });
    });
    table.tHead.replaceChildren(head);
    const rows = order.slice(first, first + ROWS).map((i) => {
      const row = document.createElement("tr");
      row.tabIndex = 0;
      COLUMNS.forEach(([name, , shownAs], column) => {
        const cell = row.appendChild(document.createElement("td"));
        cell.textContent = shownAs(i);
        const tone = SIGNED.has(name) && trips[name][i] ? (trips[name][i] > 0 ? " gain" : " loss") : "";
        cell.className = (column >= WORDS ? "number" : "") + tone;
      });
      const pick = () => {
        table.querySelectorAll("tr.chosen").forEach((other) => other.classList.remove("chosen"));
        row.classList.add("chosen");
        choose(i);
      };
      row.addEventListener("click", pick);
      row.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pick(); }
      });
      return row;
    });
    table.tBodies[0].replaceChildren(...rows);
    document.getElementById("page").textContent = `${number(first + 1)} to ${number(Math.min(first + ROWS, count))} of ${number(count)}`;
    document.getElementById("previous").disabled = first === 0;
    document.getElementById("next").disabled = first + ROWS >= count;
  };
  const turn = (by) => { first += by * ROWS; fillTable(); };

  const drawAll = () => Promise.all([...Object.keys(data.figures).map(draw), drawPrice()]);
  const wear = (name) => { root.dataset.theme = name; return drawAll(); };

  const start = async () => {
    if (count) {
      fillTable();
      document.getElementById("previous").addEventListener("click", () => turn(-1));
      document.getElementById("next").addEventListener("click", () => turn(1));
    }
    await wear(theme);
    LINKED.filter((name) => place(name) && place(name).on).forEach(follow);
    document.getElementById("theme").addEventListener("click", () => { theme = theme === "dark" ? "light" : "dark"; wear(theme); });
    dark.addEventListener("change", (event) => { theme = event.matches ? "dark" : "light"; wear(theme); });
    if (select) {
      select.addEventListener("change", drawPrice);
      document.getElementById("whole").addEventListener("click", () => show(null));
    }
    window.addEventListener("beforeprint", () => wear("light"));
    window.addEventListener("afterprint", () => wear(theme));
    root.dataset.ready = "yes";
  };
  start();
})();
